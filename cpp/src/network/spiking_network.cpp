// The class SpikingNetwork, and when two of them are equal.
#include <pysnn/spiking_network.hpp>
#include <utility>
#include <vector>

#include "network/canonical.hpp"
#include "network/description_checks.hpp"
#include "network/network_data.hpp"
#include "network/rounding.hpp"
#include "nodes/registry.hpp"
#include "platform/float_mode.hpp"

namespace pysnn {
namespace {

// To the bit; there are no NaNs, and zeros are positive.
bool same(const std::vector<float>& a, const std::vector<float>& b) { return a == b; }

bool same(const Population& a, const Population& b) {
    if (a.name != b.name || a.shape != b.shape || !same(a.threshold, b.threshold) ||
        !same(a.initial_potential, b.initial_potential) || a.reset != b.reset ||
        a.refractory_period != b.refractory_period || !same(a.grid, b.grid) ||
        a.projections.size() != b.projections.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.projections.size(); ++i) {
        if (a.projections[i].source != b.projections[i].source ||
            !detail::same_fields(a.projections[i].synapses, b.projections[i].synapses)) {
            return false;
        }
    }
    return true;
}

}  // namespace

SpikingNetwork::SpikingNetwork(SpikingNetworkDescription description) {
    const detail::FloatMode mode;
    detail::check_description(description);
    std::vector<std::optional<RoundingLoss>> loss;
    for (Population& population : description.populations) {
        loss.push_back(detail::round_to_grid(population, description.precision));
        detail::make_canonical(population.threshold);
        detail::make_canonical(population.initial_potential);
    }
    for (std::vector<double>& scales : description.scale_factors) {
        detail::make_canonical(scales);
    }
    data_ = std::make_shared<Data>(std::move(description), std::move(loss));
}

const SpikingNetworkDescription& SpikingNetwork::description() const noexcept {
    return data_->description;
}

std::int64_t SpikingNetwork::num_inputs() const noexcept { return data_->num_inputs; }

std::int64_t SpikingNetwork::num_outputs() const noexcept { return data_->num_neurons.back(); }

const std::vector<std::int64_t>& SpikingNetwork::num_neurons() const noexcept {
    return data_->num_neurons;
}

const std::vector<std::optional<RoundingLoss>>& SpikingNetwork::rounding_loss() const noexcept {
    return data_->rounding_loss;
}

bool operator==(const SpikingNetwork& a, const SpikingNetwork& b) {
    const SpikingNetworkDescription& left = a.description();
    const SpikingNetworkDescription& right = b.description();
    if (left.input_shape != right.input_shape || left.precision != right.precision ||
        left.scale_factors != right.scale_factors ||
        left.populations.size() != right.populations.size()) {
        return false;
    }
    for (std::size_t i = 0; i < left.populations.size(); ++i) {
        if (!same(left.populations[i], right.populations[i])) {
            return false;
        }
    }
    return true;
}

}  // namespace pysnn
