// The kernels for x86-64 with AVX-512 F, BW, DQ and VL.

#include "kernels.hpp"
#include "platform/targets.hpp"

#ifdef PYSNN_X86
#include "platform/intrinsics.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 takes the undefined operand of its own intrinsics for a mistake of ours.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

PYSNN_BEGIN_TARGET("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi,bmi2,popcnt,lzcnt")
namespace pysnn::detail::avx512 {
#include "simd_avx512.inl"
// In the order of use, which is not the alphabet's.
// clang-format off
#include "neurons/values.inl"
#include "neurons/byte_values.inl"
#include "neurons/rules.inl"
#include "membranes.inl"
#include "tile.inl"
#include "gather.inl"
#include "gather_int16.inl"
#include "words/bit_words.inl"
#ifdef PYSNN_EMULATE_AVX512
#include "words/bytes_portable.inl"
#else
#include "words/bytes_sse2.inl"
#endif
#include "words/named_bits.inl"
#include "words/lists_portable.inl"
#include "words/lists.inl"
#include "poisson.inl"
#include "pool_bytes.inl"
#include "pool.inl"
#include "max_pool.inl"
#include "subset_table.inl"
#include "pixel_table.inl"
#include "table.inl"
// clang-format on
}  // namespace pysnn::detail::avx512
PYSNN_END_TARGET
#endif
