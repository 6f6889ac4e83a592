// The forward pass's kernels for AVX2.

#include "forward/kernels/kernels.hpp"
#include "platform/targets.hpp"

#ifdef PYSNN_X86
#include <immintrin.h>

PYSNN_BEGIN_TARGET("avx2")
namespace pysnn::detail::forward_avx2 {
// In the order of use, which is not the alphabet's.
// clang-format off
#include "simd/avx2.inl"
#include "sums.inl"
#include "pools.inl"
#include "elementwise.inl"
#include "errors.inl"
#include "table.inl"
// clang-format on
}  // namespace pysnn::detail::forward_avx2
PYSNN_END_TARGET
#endif
