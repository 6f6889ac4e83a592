// The kernels for every CPU of a kind, with the instructions that all of them have.

#include "base/bits.hpp"
#include "kernels.hpp"
#include "platform/targets.hpp"

#ifdef PYSNN_X86
#include <immintrin.h>
#endif

namespace pysnn::detail::baseline {
#ifdef PYSNN_X86
#include "simd_sse2.inl"
#else
#include "simd_portable.inl"
#endif
#include "words/bits_portable.inl"
#include "words/count_portable.inl"
// In the order of use, which is not the alphabet's.
// clang-format off
#include "neurons/values.inl"
#include "neurons/rules.inl"
#include "membranes.inl"
#include "tile.inl"
#include "gather.inl"
#include "gather_int16.inl"
#include "words/bit_words.inl"
#ifdef PYSNN_X86
#include "words/bytes_sse2.inl"
#else
#include "words/bytes_portable.inl"
#endif
#include "words/named_bits.inl"
#include "words/lists_portable.inl"
#include "words/lists.inl"
#include "poisson.inl"
#include "pool_no_bytes.inl"
#include "pool.inl"
#include "max_pool.inl"
#include "subset_table.inl"
#include "pixel_table.inl"
#include "table.inl"
// clang-format on
}  // namespace pysnn::detail::baseline
