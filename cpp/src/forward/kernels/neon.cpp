// The forward pass's kernels for AArch64, all of which has NEON.

#include "forward/kernels/kernels.hpp"
#include "platform/targets.hpp"

#ifdef PYSNN_NEON
#include <arm_neon.h>

namespace pysnn::detail::forward_neon {
// In the order of use, which is not the alphabet's.
// clang-format off
#include "simd/neon.inl"
#include "sums.inl"
#include "pools.inl"
#include "elementwise.inl"
#include "errors.inl"
#include "table.inl"
// clang-format on
}  // namespace pysnn::detail::forward_neon
#endif
