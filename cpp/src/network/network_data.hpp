#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <pysnn/spiking_network.hpp>
#include <utility>
#include <vector>

namespace pysnn {

/// What the copies of a SpikingNetwork share.
///
/// The plan is packed when it is first asked for: a network that is only loaded, looked at or saved
/// again then takes no more memory than its description.
struct SpikingNetwork::Data {
    Data(SpikingNetworkDescription given, std::vector<std::optional<RoundingLoss>> loss)
        : description(std::move(given)),
          rounding_loss(std::move(loss)),
          num_inputs(num_elements(description.input_shape)) {
        for (const Population& population : description.populations) {
            num_neurons.push_back(num_elements(population.shape));
        }
    }

    const SpikingNetworkDescription description;
    const std::vector<std::optional<RoundingLoss>> rounding_loss;  // by population
    const std::int64_t num_inputs;
    std::vector<std::int64_t> num_neurons;  // of each population
    std::mutex packing;
    std::atomic<const detail::Plan*> packed{nullptr};  // the plan, once it is complete
    std::shared_ptr<const detail::Plan> plan;
};

}  // namespace pysnn
