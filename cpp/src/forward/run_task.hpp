// Shares the samples of a forward pass among workers.
#pragma once

#include <memory>
#include <pysnn/forward.hpp>
#include <vector>

#include "forward/packed_network.hpp"
#include "forward/worker.hpp"

namespace pysnn::detail {

using Workers = std::vector<std::unique_ptr<ForwardWorker>>;

/// Runs all samples, and gives the workers with what they found; those without work are null.
///
/// Throws:
///     std::invalid_argument: options.batch_size is below 1.
///     Interrupted: options.should_stop asked for it.
Workers run_task(const PackedNetwork& network, ForwardTask& task, const ForwardOptions& options);

/// Throws std::invalid_argument for the first sample that has a value that is not finite.
void check_finite(const PackedNetwork& network, const Workers& workers);
void check_finite(const PackedNetwork& network, const ForwardFault& fault);

/// Throws std::invalid_argument for fewer samples than `least`, or none where there should be.
void check_samples(const float* x, std::int64_t num_samples, std::int64_t least);

}  // namespace pysnn::detail
