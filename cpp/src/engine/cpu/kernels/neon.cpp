// The kernels for AArch64, all of which has NEON.

#include "base/bits.hpp"
#include "kernels.hpp"
#include "platform/targets.hpp"

#ifdef PYSNN_NEON
#include <arm_neon.h>

namespace pysnn::detail::neon {
// In the order of use, which is not the alphabet's.
// clang-format off
#include "simd_neon.inl"
#include "words/bits_portable.inl"
#include "neurons/values.inl"
#include "neurons/rules.inl"
#include "membranes.inl"
#include "tile.inl"
#include "gather.inl"
#include "gather_int16.inl"
#include "words/bit_words.inl"
#include "words/bytes_portable.inl"
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
}  // namespace pysnn::detail::neon
#endif
