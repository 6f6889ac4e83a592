// The class SpikingNetwork, and when two of them are equal.
#include <algorithm>
#include <pysnn/spiking_network.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/array.hpp"
#include "network/canonical.hpp"
#include "network/spiking/description_checks.hpp"
#include "network/spiking/network_data.hpp"
#include "network/spiking/rounding.hpp"
#include "nodes/registry.hpp"
#include "platform/float_mode.hpp"

namespace pysnn {
namespace {

// To the bit; there are no NaNs, and zeros are positive.
bool same(const std::vector<float>& a, const std::vector<float>& b) { return a == b; }

// As same(), whether they are one for all neurons, one per channel or one per neuron.
bool same_for_neurons(const std::vector<float>& a, const std::vector<float>& b) {
    const std::size_t size = std::max(a.size(), b.size());
    for (std::size_t i = 0; i < size; ++i) {
        if (a[i / (size / a.size())] != b[i / (size / b.size())]) {
            return false;
        }
    }
    return true;
}

bool same(const Population& a, const Population& b) {
    if (a.name != b.name || a.shape != b.shape || a.neuron != b.neuron ||
        !same_for_neurons(a.threshold, b.threshold) ||
        !same_for_neurons(a.initial_potential, b.initial_potential) ||
        !same_for_neurons(a.negative_threshold, b.negative_threshold) ||
        !same_for_neurons(a.leak, b.leak) || a.delay != b.delay || a.reset != b.reset ||
        a.refractory_period != b.refractory_period || !same(a.bias, b.bias) ||
        !same(a.grid, b.grid) || a.projections.size() != b.projections.size()) {
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

bool same(const InputRange& a, const InputRange& b) {
    return a.scale == b.scale && a.is_signed == b.is_signed && a.affine_scale == b.affine_scale &&
           a.affine_shift == b.affine_shift;
}

std::vector<detail::RowSource> sources_of(const Population& population,
                                          const SpikingNetworkDescription& description) {
    std::vector<detail::RowSource> sources;
    for (const Projection& projection : population.projections) {
        if (projection.source == kInputName) {
            sources.push_back({description.input_shape, description.input.scale});
            continue;
        }
        const auto source = std::find_if(
            description.populations.begin(), description.populations.end(),
            [&](const Population& candidate) { return candidate.name == projection.source; });
        sources.push_back({source->shape});
    }
    return sources;
}

// What a description may leave open.
void fill_in(Population& population) {
    for (Projection& projection : population.projections) {
        if (auto* identity = std::get_if<IdentitySynapses>(&projection.synapses)) {
            identity->out_channels = population.shape[0];
        }
    }
}

// One form for equal networks.
void make_canonical(SpikingNetworkDescription& description) {
    for (Population& population : description.populations) {
        for (auto* values : {&population.threshold, &population.initial_potential,
                             &population.negative_threshold, &population.leak}) {
            detail::make_canonical(*values);
        }
    }
    for (std::vector<double>& scales : description.scale_factors) {
        detail::make_canonical(scales);
    }
    detail::make_canonical(description.input.affine_scale);
    detail::make_canonical(description.input.affine_shift);
}

}  // namespace

SpikingNetwork::SpikingNetwork(SpikingNetworkDescription description) {
    const detail::FloatMode mode;
    detail::check_description(description);
    std::vector<std::optional<RoundingLoss>> loss;
    for (Population& population : description.populations) {
        fill_in(population);
        loss.push_back(detail::round_to_grid(population, sources_of(population, description),
                                             description.precision));
    }
    make_canonical(description);
    data_ = std::make_shared<Data>(std::move(description), std::move(loss));
}

SpikingNetwork::SpikingNetwork(std::shared_ptr<Data> data) noexcept : data_(std::move(data)) {}

const SpikingNetworkDescription& SpikingNetwork::description() const noexcept {
    return data_->description;
}

std::int64_t SpikingNetwork::num_inputs() const noexcept { return data_->num_inputs; }

std::int64_t SpikingNetwork::num_outputs() const noexcept { return data_->num_neurons.back(); }

const std::vector<std::int64_t>& SpikingNetwork::num_neurons() const noexcept {
    return data_->num_neurons;
}

bool SpikingNetwork::sends_negative(std::int64_t population) const {
    const std::int64_t num_populations = detail::size_of(data_->num_neurons);
    if (population < 0 || population >= num_populations) {
        throw std::invalid_argument("population is " + std::to_string(population) +
                                    ", expected a position below " +
                                    std::to_string(num_populations));
    }
    return data_->sends_negative[population] != 0;
}

const std::vector<std::optional<RoundingLoss>>& SpikingNetwork::rounding_loss() const noexcept {
    return data_->rounding_loss;
}

std::optional<Encoding> SpikingNetwork::packed_for() const noexcept { return data_->packed_for; }

bool operator==(const SpikingNetwork& a, const SpikingNetwork& b) {
    const SpikingNetworkDescription& left = a.description();
    const SpikingNetworkDescription& right = b.description();
    if (a.packed_for() || b.packed_for()) {
        return &left == &right;
    }
    if (left.input_shape != right.input_shape || left.precision != right.precision ||
        left.scale_factors != right.scale_factors || !same(left.input, right.input) ||
        left.encoding != right.encoding || left.populations.size() != right.populations.size()) {
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
