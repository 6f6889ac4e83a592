// The forward pass's kernels for every CPU of the architecture.

#include "forward/kernels/kernels.hpp"
#include "platform/targets.hpp"

#ifdef PYSNN_X86
#include <immintrin.h>
#endif

namespace pysnn::detail::forward_baseline {
// In the order of use, which is not the alphabet's.
// clang-format off
#ifdef PYSNN_X86
#include "simd/sse2.inl"
#else
#include "simd/portable.inl"
#endif
#include "sums.inl"
#include "pools.inl"
#include "elementwise.inl"
#include "errors.inl"
#include "table.inl"
// clang-format on
}  // namespace pysnn::detail::forward_baseline
