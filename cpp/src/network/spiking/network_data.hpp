// What the copies of a SpikingNetwork share.
#pragma once

#include <atomic>
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

    SpikingNetworkDescription description;
    const std::vector<std::optional<RoundingLoss>> rounding_loss;  // by population
    const std::int64_t num_inputs;
    const detail::Array<char> sends_negative;  // by population
    std::vector<std::int64_t> num_neurons;     // of each population
    std::optional<Encoding> packed_for;
    detail::MadeOnce compiled;  // what an engine has made of it; knows nothing of the engine
};

namespace detail {

/// The way from a SpikingNetwork to what its copies share, and back.
struct NetworkAccess {
    using Data = SpikingNetwork::Data;

    static MadeOnce& compiled(const SpikingNetwork& network) { return network.data_->compiled; }

    /// The same network, not compiled, for a caller who will change it. Nothing is copied where no
    /// other copy of the network is left.
    static std::shared_ptr<Data> take(SpikingNetwork network) {
        Data& data = *network.data_;
        if (network.data_.use_count() > 1) {
            return std::make_shared<Data>(data.description, data.rounding_loss);
        }
        // What other threads read through copies that are gone by now was read before.
        std::atomic_thread_fence(std::memory_order_acquire);
        return std::make_shared<Data>(std::move(data.description), data.rounding_loss);
    }

    static SpikingNetwork network_of(std::shared_ptr<Data> data) {
        return SpikingNetwork(std::move(data));
    }
};

}  // namespace detail

}  // namespace pysnn
