// The largest of many values.
#pragma once

#include <cstdint>

namespace pysnn::detail {

/// Throws:
///     std::invalid_argument: num_values is below 1, or a value is not finite (names its index).
float find_largest(const float* values, std::int64_t num_values, int num_threads);

}  // namespace pysnn::detail
