// What the ceilings must compute before they are timed.
#pragma once

#include "ceiling_kernels.hpp"

namespace pysnn::benchmarks {

/// Compares every kernel with a plain loop, on small work.
///
/// Throws:
///     std::runtime_error: one of them differs (names it).
void check(const CeilingKernels& kernels);

}  // namespace pysnn::benchmarks
