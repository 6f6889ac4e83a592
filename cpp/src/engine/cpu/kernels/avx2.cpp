// The kernels for x86-64 with AVX2 and FMA.

#include "kernels.hpp"
#include "platform/targets.hpp"

#ifdef PYSNN_X86
#include <immintrin.h>

PYSNN_BEGIN_TARGET("avx2,fma,bmi,bmi2,popcnt,lzcnt")
namespace pysnn::detail::avx2 {
#include "simd_avx2.inl"
// In the order of use, which is not the alphabet's.
// clang-format off
#include "neurons/values.inl"
#include "neurons/rules.inl"
#include "membranes.inl"
#include "tile.inl"
#include "gather.inl"
#include "gather_int16.inl"
#include "words/bit_words.inl"
#include "words/bytes_sse2.inl"
#include "words/named_bits.inl"
#include "words/lists_avx2.inl"
#include "words/lists.inl"
#include "poisson.inl"
#include "pool_no_bytes.inl"
#include "pool.inl"
#include "max_pool.inl"
#include "subset_table.inl"
#include "pixel_table.inl"
#include "table.inl"
// clang-format on
}  // namespace pysnn::detail::avx2
PYSNN_END_TARGET
#endif
