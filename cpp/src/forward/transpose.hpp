// Samples one behind the other, and side by side in bundles.
#pragma once

#include <cstdint>

namespace pysnn::detail {

/// Puts samples side by side; lanes behind the last sample repeat it.
///
/// Args:
///     samples: (num_samples, features), between 1 and `lanes` samples.
///     bundle: (features, lanes).
void gather_samples(const float* samples, std::int64_t num_samples, std::int64_t features,
                    std::int64_t lanes, float* bundle);

/// Writes the first samples of a bundle one behind the other.
///
/// Args:
///     bundle: (features, lanes).
///     samples: (num_samples, features).
void scatter_samples(const float* bundle, std::int64_t num_samples, std::int64_t features,
                     std::int64_t lanes, float* samples);

}  // namespace pysnn::detail
