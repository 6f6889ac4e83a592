#include "kernels.hpp"
#include "targets.hpp"

#ifdef PYSNN_X86
#include <immintrin.h>
#endif

namespace pysnn::detail::baseline {
#ifdef PYSNN_X86
#include "simd_sse2.inl"
#else
#include "simd_portable.inl"
#endif
// In the order of use, which is not the alphabet's.
// clang-format off
#include "neurons.inl"
#include "conv_events.inl"
#include "linear_events.inl"
#include "linear_tile.inl"
#include "poisson.inl"
#include "pool_events.inl"
#include "table.inl"
// clang-format on
}  // namespace pysnn::detail::baseline
