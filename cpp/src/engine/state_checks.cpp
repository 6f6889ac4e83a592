// What a state must be for a simulation to go on from it.
#include "engine/state_checks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/array.hpp"
#include "base/text.hpp"
#include "engine/encoding.hpp"
#include "nodes/max_pool_synapses.hpp"

namespace pysnn::detail {
namespace {

std::string text_of(float value) { return to_text(value); }
std::string text_of(std::int32_t value) { return std::to_string(value); }

// Sizes and values of one array of a state.
template <typename T, typename IsPossible>
void check_values(const std::string& name, const std::vector<T>& values, std::int64_t size,
                  IsPossible is_possible, const char* expected) {
    if (size_of(values) != size) {
        throw std::invalid_argument("state: " + name + " has " + std::to_string(values.size()) +
                                    " values, expected " + std::to_string(size));
    }
    for (std::int64_t i = 0; i < size; ++i) {
        const T value = values.data()[i];
        if (!is_possible(i, value)) {
            throw std::invalid_argument("state: " + name + " is " + text_of(value) + " at " +
                                        std::to_string(i) + ", expected " + expected);
        }
    }
}

/// One population of a state, checked against its description.
class PopulationCheck {
  public:
    PopulationCheck(const SpikingNetwork& network, const Settings& settings,
                    const SimulationState& state, std::int64_t k)
        : network_(network),
          population_(network.description().populations.data()[k]),
          state_(state.populations.data()[k]),
          name_("population '" + population_.name + "': "),
          next_step_(state.next_step),
          num_samples_(settings.num_samples),
          num_neurons_(network.num_neurons().data()[k]),
          refractory_steps_(settings.refractory_steps[k]) {}

    void run() const {
        check_potential();
        check_refractory();
        check_sent();
        check_sources();
    }

  private:
    bool is_initial() const { return next_step_ == 0; }
    bool is(NeuronModel neuron) const { return population_.neuron == neuron; }
    std::int64_t size() const { return num_samples_ * num_neurons_; }

    float of_neuron(const std::vector<float>& values, std::int64_t i) const {
        return values.data()[i % num_neurons_ / (num_neurons_ / size_of(values))];
    }

    // Steps that nothing happens in may be left out, which relies on potentials as a step leaves
    // them.
    void check_potential() const {
        const bool resets_to_zero = population_.reset == ResetMode::Zero;
        check_values(
            name_ + "potential", state_.potential, is(NeuronModel::MaxPool) ? 0 : size(),
            [&](std::int64_t i, float value) {
                if (is_initial()) {
                    return value == of_neuron(population_.initial_potential, i);
                }
                return !std::isnan(value) &&
                       !(resets_to_zero && value >= of_neuron(population_.threshold, i));
            },
            is_initial()     ? "the initial potential before step 0"
            : resets_to_zero ? "values below the threshold, as resets leave them"
                             : "numbers");
    }

    void check_refractory() const {
        check_values(
            name_ + "refractory_steps_left", state_.refractory_steps_left,
            refractory_steps_ > 0.0F ? size() : 0,
            [&](std::int64_t, std::int32_t value) {
                return value >= 0 &&
                       static_cast<float>(value) <= (is_initial() ? 0.0F : refractory_steps_);
            },
            "values from 0 to the steps of the refractory period");
    }

    void check_sent() const {
        const bool is_signed = is(NeuronModel::Signed);
        check_values(
            name_ + "spike_counts", state_.spike_counts,
            is_signed || is(NeuronModel::MaxPool) ? size() : 0,
            [&](std::int64_t, std::int32_t value) {
                return value <= next_step_ && value >= (is_signed ? 0 : -next_step_);
            },
            "at most one spike a step");
    }

    // A max pool has sent what its sources have, the largest of each window.
    void check_sources() const {
        if (!is(NeuronModel::MaxPool)) {
            check_values(
                name_ + "source_counts", state_.source_counts, 0,
                [](std::int64_t, std::int32_t) { return true; }, "");
            return;
        }
        const Projection& projection = population_.projections.front();
        const std::vector<Population>& populations = network_.description().populations;
        const auto source = std::find_if(
            populations.begin(), populations.end(),
            [&](const Population& candidate) { return candidate.name == projection.source; });
        const bool may_be_negative = network_.sends_negative(source - populations.begin());
        const std::int64_t num_sources = num_elements(source->shape);
        check_values(
            name_ + "source_counts", state_.source_counts, num_samples_ * num_sources,
            [&](std::int64_t, std::int32_t value) {
                return value <= next_step_ && value >= (may_be_negative ? -next_step_ : 0);
            },
            "at most one spike a step");
        const Window window = window_of(std::get<MaxPoolSynapses>(projection.synapses));
        check_values(
            name_ + "spike_counts", state_.spike_counts, size(),
            [&](std::int64_t i, std::int32_t value) {
                return value ==
                       largest(window, source->shape,
                               state_.source_counts.data() + i / num_neurons_ * num_sources,
                               i % num_neurons_);
            },
            "the largest of its window's source_counts");
    }

    std::int32_t largest(const Window& window, const Shape& source, const std::int32_t* counts,
                         std::int64_t neuron) const {
        const std::int64_t width = population_.shape[2];
        const std::int64_t row = neuron / width % population_.shape[1];
        const std::int64_t column = neuron % width;
        counts += neuron / (population_.shape[1] * width) * source[1] * source[2];
        const Span rows = window.y().taps_inside(row, source[1]);
        const Span columns = window.x().taps_inside(column, source[2]);
        std::int32_t most = std::numeric_limits<std::int32_t>::min();
        for (std::int64_t i = rows.begin; i < rows.end; ++i) {
            for (std::int64_t j = columns.begin; j < columns.end; ++j) {
                most = std::max(most, counts[window.y().source_of(row, i) * source[2] +
                                             window.x().source_of(column, j)]);
            }
        }
        return most;
    }

    const SpikingNetwork& network_;
    const Population& population_;
    const PopulationState& state_;
    const std::string name_;
    std::int64_t next_step_;
    std::int64_t num_samples_;
    std::int64_t num_neurons_;
    float refractory_steps_;
};

}  // namespace

void check_state(const SpikingNetwork& network, const Settings& settings,
                 const SimulationState& state) {
    const std::vector<Population>& populations = network.description().populations;
    if (state.next_step < 0 || state.next_step > kMaxSteps) {
        throw std::invalid_argument("state: next_step is " + std::to_string(state.next_step) +
                                    ", expected at least 0 and at most 2^34");
    }
    if (state.populations.size() != populations.size()) {
        throw std::invalid_argument("state: there are " + std::to_string(state.populations.size()) +
                                    " populations, but the network has " +
                                    std::to_string(populations.size()));
    }
    for (std::int64_t k = 0; k < size_of(populations); ++k) {
        PopulationCheck(network, settings, state, k).run();
    }
    const std::int64_t least =
        network.sends_negative(size_of(populations) - 1) ? -state.next_step : 0;
    check_values(
        "spike_counts", state.spike_counts, settings.num_samples * network.num_outputs(),
        [&](std::int64_t, std::int32_t count) {
            return count <= state.next_step && count >= least;
        },
        "at most one spike a step");
}

}  // namespace pysnn::detail
