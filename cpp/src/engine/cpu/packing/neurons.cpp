// Per-neuron values put into lanes, and what follows from them.

#include "engine/cpu/packing/neurons.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "nodes/registry.hpp"

namespace pysnn::detail {
namespace {

// One value for all neurons, or one for each run of neurons (as those of a channel), row-major.
AlignedBuffer<float> by_lane(const std::vector<float>& values, const Layout& layout,
                             float padding) {
    AlignedBuffer<float> result(layout.padded(), padding);
    const std::int64_t neurons_per_value = layout.num_neurons() / size_of(values);
    for (std::int64_t i = 0; i < layout.num_neurons(); ++i) {
        result[layout.lane(i)] = values.data()[i / neurons_per_value];
    }
    return result;
}

void add_bias(const std::vector<float>& bias, const Layout& layout, AlignedBuffer<float>& total) {
    if (bias.empty()) {
        return;
    }
    if (total.empty()) {
        total = AlignedBuffer<float>(layout.padded(), 0.0F);
    }
    const std::int64_t neurons_per_bias = layout.num_neurons() / size_of(bias);
    for (std::int64_t i = 0; i < layout.num_neurons(); ++i) {
        total[layout.lane(i)] += bias.data()[i / neurons_per_bias];
    }
}

// Sum of the biases of the population and of all projections, exact, as all are on the grid; empty
// without any.
AlignedBuffer<float> sum_biases(const Population& population, const Layout& layout) {
    AlignedBuffer<float> total;
    add_bias(population.bias, layout, total);
    for (const Projection& projection : population.projections) {
        const std::vector<float>* bias = weight_rows(projection.synapses).bias;
        if (bias != nullptr) {
            add_bias(*bias, layout, total);
        }
    }
    return total;
}

// The highest potential of each signed neuron that is below -negative_threshold.
AlignedBuffer<float> lower_bounds(const Population& population, const Layout& layout) {
    constexpr float kNever = -std::numeric_limits<float>::infinity();
    std::vector<float> bounds;
    for (const float threshold : population.negative_threshold) {
        bounds.push_back(std::nextafter(-threshold, kNever));
    }
    return by_lane(bounds, layout, kNever);
}

bool subtracts(const Population& population) { return population.reset == ResetMode::Subtract; }

// A max pool has no membranes: what sums it has, none, could go into those of any rule.
NeuronRule rule_of(const Population& population) {
    switch (population.neuron) {
        case NeuronModel::If:
            return subtracts(population) ? NeuronRule::ResetBySubtraction : NeuronRule::ResetToZero;
        case NeuronModel::Signed:
            return NeuronRule::Signed;
        case NeuronModel::Bipolar:
            return NeuronRule::Bipolar;
        case NeuronModel::Leaky:
            return subtracts(population) ? NeuronRule::LeakyResetBySubtraction
                                         : NeuronRule::LeakyResetToZero;
        case NeuronModel::Readout:
        case NeuronModel::MaxPool:
            return NeuronRule::Readout;
    }
    throw std::logic_error("a neuron model that has no rule");
}

// The highest membrane of each neuron, in units of its grid, that does not fire: exact, as
// the grid is a power of two. None where a threshold that is taken off is no whole number of units.
AlignedBuffer<std::int32_t> whole_limits(const PackedNeurons& neurons) {
    constexpr double kNever = 1 << 25;  // beyond what membranes reach
    if (neurons.precision != Precision::Int16) {
        return {};
    }
    AlignedBuffer<std::int32_t> limits(neurons.layout.padded(), 0);
    for (std::int64_t at = 0; at < limits.size(); ++at) {
        const double threshold = neurons.threshold[at];
        const double units = threshold / neurons.grid[at];
        const double first = std::min(std::ceil(units), kNever);
        if (kernels().neuron_traits(neurons.rule).subtracts && first != units && units < kNever) {
            return {};
        }
        limits[at] = static_cast<std::int32_t>(first) - 1;
    }
    return limits;
}

}  // namespace

PackedNeurons::PackedNeurons(const Population& population, Precision given_precision,
                             bool is_signed)
    : layout(population.shape, kLaneMultiple, is_signed),
      precision(given_precision),
      tile_width(given_precision == Precision::Int16 ? 2 * kMaskBits : kMaskBits),
      threshold(by_lane(population.threshold, layout, std::numeric_limits<float>::infinity())),
      initial_potential(by_lane(population.initial_potential, layout, 0.0F)),
      grid(by_lane(population.grid, layout, 1.0F)),
      bias(sum_biases(population, layout)),
      rule(rule_of(population)),
      is_max_pool(population.neuron == NeuronModel::MaxPool),
      delay(population.delay) {
    if (population.neuron == NeuronModel::Signed) {
        lower = lower_bounds(population, layout);
    }
    if (population.neuron == NeuronModel::Leaky) {
        leak = by_lane(population.leak, layout, 1.0F);
    }
    limit = whole_limits(*this);
    rests_in_silence = kernels().neuron_traits(rule).may_rest &&
                       population.refractory_period == 0.0 && bias.empty();
    for (std::int64_t i = 0; i < layout.padded(); ++i) {
        initial_potential[i] += 0.0F;  // no negative zero, so that adding nothing is the identity
        rests_in_silence = rests_in_silence && initial_potential[i] < threshold[i];
    }
}

}  // namespace pysnn::detail
