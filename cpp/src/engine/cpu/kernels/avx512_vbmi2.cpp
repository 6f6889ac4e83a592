// The kernels of whole words for x86-64 with AVX-512 VBMI2 and VPOPCNTDQ as well.

#include "kernels.hpp"
#include "platform/targets.hpp"

#ifdef PYSNN_X86
#include "platform/intrinsics.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 takes the undefined operand of its own intrinsics for a mistake of ours.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

PYSNN_BEGIN_TARGET(
    "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,avx2,fma,bmi,bmi2,"
    "popcnt,lzcnt")
namespace pysnn::detail::avx512_vbmi2 {
// In the order of use, which is not the alphabet's.
// clang-format off
#include "simd_avx512.inl"
#include "words/lists_vbmi2.inl"
#include "words/lists.inl"
// clang-format on
extern const WordKernels kWords;
const WordKernels kWords{list_rows, list_ids, list_steps, count_bits};
}  // namespace pysnn::detail::avx512_vbmi2
PYSNN_END_TARGET
#endif
