// The synapses and biases that enter the neurons of a population.
#include "network/spiking/incoming.hpp"

#include <type_traits>
#include <utility>
#include <variant>

#include "base/array.hpp"
#include "nodes/registry.hpp"

namespace pysnn::detail {
namespace {

// Whether all neurons of a channel have the same weights.
template <typename Kind>
bool shares_rows(const Kind&, const Shape&) {
    return KindTraits<Kind>::kSharesGrid;
}
bool shares_rows(const PoolSynapses& pool, const Shape& source) {
    return has_one_divisor(pool, source);
}

}  // namespace

Incoming::Incoming(Population& population, const std::vector<RowSource>& sources)
    : num_neurons_(num_elements(population.shape)), num_grids_(num_neurons_) {
    for (std::size_t i = 0; i < sources.size(); ++i) {
        Synapses& synapses = population.projections[i].synapses;
        std::visit(
            [&](const auto& kind) {
                if (KindTraits<std::decay_t<decltype(kind)>>::kSharesGrid) {
                    num_grids_ = population.shape[0];
                }
                const bool is_shared = shares_rows(kind, sources[i].shape);
                (is_shared ? shared_ : own_).push_back({&synapses, &sources[i]});
            },
            synapses);
    }
    if (!population.bias.empty()) {
        spread(population.bias);
        (size_of(population.bias) == num_grids_ ? shared_bias_ : own_bias_) =
            population.bias.data();
    }
}

// Biases of channels become those of neurons where each neuron has a grid.
void Incoming::spread(std::vector<float>& bias) const {
    const std::int64_t per_value = num_grids_ / size_of(bias);
    if (per_value <= 1) {
        return;
    }
    std::vector<float> spread_out;
    for (const float value : bias) {
        spread_out.insert(spread_out.end(), to_size(per_value), value);
    }
    bias = std::move(spread_out);
}

IncomingRows Incoming::rows(const std::vector<Source>& all, float* bias, std::int64_t index) {
    IncomingRows incoming;
    for (const Source& each : all) {
        std::visit(
            [&](auto& kind) {
                KindTraits<std::decay_t<decltype(kind)>>::add_rows(kind, *each.source, index,
                                                                   incoming);
            },
            *each.synapses);
    }
    if (bias != nullptr) {
        incoming.biases.push_back({bias + index, 1});
    }
    return incoming;
}

}  // namespace pysnn::detail
