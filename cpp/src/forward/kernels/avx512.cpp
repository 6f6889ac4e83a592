// The forward pass's kernels for AVX-512.

#include "forward/kernels/kernels.hpp"
#include "platform/targets.hpp"

#ifdef PYSNN_X86
#include "platform/intrinsics.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 takes the undefined operand of its own intrinsics for a mistake of ours.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

PYSNN_BEGIN_TARGET("avx512f")
namespace pysnn::detail::forward_avx512 {
// In the order of use, which is not the alphabet's.
// clang-format off
#include "simd/avx512.inl"
#include "sums.inl"
#include "pools.inl"
#include "elementwise.inl"
#include "errors.inl"
#include "table.inl"
// clang-format on
}  // namespace pysnn::detail::forward_avx512
PYSNN_END_TARGET
#endif
