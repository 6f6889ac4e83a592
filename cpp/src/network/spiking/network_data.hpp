// What the copies of a SpikingNetwork share.
#pragma once

#include <memory>
#include <optional>
#include <pysnn/spiking_network.hpp>
#include <utility>
#include <vector>

#include "base/array.hpp"
#include "network/spiking/spike_signs.hpp"
#include "platform/made_once.hpp"

namespace pysnn {

/// What the copies of a SpikingNetwork share.
///
/// A network is compiled when it is first simulated: one that is only loaded, looked at or saved
/// again then takes no more memory than its description.
struct SpikingNetwork::Data {
    Data(SpikingNetworkDescription given, std::vector<std::optional<RoundingLoss>> loss)
        : description(std::move(given)),
          rounding_loss(std::move(loss)),
          num_inputs(num_elements(description.input_shape)),
          sends_negative(detail::negative_senders(description)) {
        for (const Population& population : description.populations) {
            num_neurons.push_back(num_elements(population.shape));
        }
    }

    const SpikingNetworkDescription description;
    const std::vector<std::optional<RoundingLoss>> rounding_loss;  // by population
    const std::int64_t num_inputs;
    const detail::Array<char> sends_negative;  // by population
    std::vector<std::int64_t> num_neurons;     // of each population
    detail::MadeOnce compiled;  // what an engine has made of it; knows nothing of the engine
};

namespace detail {

/// The way from a SpikingNetwork to the slot for its compiled form.
struct NetworkAccess {
    static MadeOnce& compiled(const SpikingNetwork& network) { return network.data_->compiled; }
};

}  // namespace detail

}  // namespace pysnn
