// Copies between the state of all samples and the slots of those at work.

#include "engine/cpu/neuron_state.hpp"

#include <algorithm>
#include <utility>

namespace pysnn::detail {

namespace {

// A sample's row of an array of rows of a size.
template <typename Value>
void load_row(const AlignedBuffer<Value>& rows, std::int64_t sample, std::int64_t size,
              AlignedBuffer<Value>& to) {
    if (!rows.empty()) {
        to.reserve(size);
        std::copy_n(rows.data() + sample * size, size, to.data());
    }
}

template <typename Value>
void store_row(const AlignedBuffer<Value>& from, std::int64_t sample, std::int64_t size,
               AlignedBuffer<Value>& rows) {
    if (!rows.empty()) {
        std::copy_n(from.data(), size, rows.data() + sample * size);
    }
}

// Rows by lane, in the order of the public interface; nothing of nothing.
template <typename To, typename From>
std::vector<To> by_neuron(const AlignedBuffer<From>& rows, const Layout& layout,
                          std::int64_t num_samples) {
    std::vector<To> values;
    values.reserve(rows.empty() ? 0 : to_size(num_samples * layout.num_neurons()));
    for (std::int64_t sample = 0; !rows.empty() && sample < num_samples; ++sample) {
        for (std::int64_t i = 0; i < layout.num_neurons(); ++i) {
            values.push_back(static_cast<To>(rows[sample * layout.padded() + layout.lane(i)]));
        }
    }
    return values;
}

// The other way round; places of no neuron become 0.
template <typename From, typename To>
void by_lane(const std::vector<From>& values, const Layout& layout, std::int64_t num_samples,
             AlignedBuffer<To>& rows) {
    std::fill_n(rows.data(), rows.size(), To{0});
    const From* value = values.data();
    for (std::int64_t sample = 0; !rows.empty() && sample < num_samples; ++sample) {
        for (std::int64_t i = 0; i < layout.num_neurons(); ++i) {
            // No negative zero.
            rows[sample * layout.padded() + layout.lane(i)] = static_cast<To>(*value++) + To{0};
        }
    }
}

}  // namespace

NeuronState::NeuronState(const CpuProgram& program, const Settings& settings)
    : num_samples_(settings.num_samples), populations_(program.num_populations()) {
    for (std::int64_t k = 0; k < program.num_populations(); ++k) {
        Neurons& neurons = populations_[k];
        neurons.packed = &program.population(k);
        const std::int64_t size = num_samples_ * neurons.packed->layout.padded();
        if (!neurons.packed->is_max_pool) {
            neurons.potential = AlignedBuffer<float>(size);
        }
        if (settings.refractory_steps[k] > 0.0F) {
            neurons.refractory_left = AlignedBuffer<float>(size);
        }
        neurons.sent = AlignedBuffer<std::int32_t>(num_samples_ * neurons.packed->num_sent());
        neurons.source_counts =
            AlignedBuffer<std::int32_t>(num_samples_ * neurons.packed->num_source_counts());
    }
}

void NeuronState::load(SampleSlot& slot) const {
    for (std::int64_t k = 0; k < populations_.size(); ++k) {
        const Neurons& from = populations_[k];
        PopulationSlot& to = slot.populations[k];
        const std::int64_t padded = from.packed->layout.padded();
        load_row(from.potential, slot.sample, padded, to.potential);
        load_row(from.refractory_left, slot.sample, padded, to.refractory_left);
        load_row(from.sent, slot.sample, padded, to.sent);
        load_row(from.source_counts, slot.sample, from.packed->num_source_counts(),
                 to.source_counts);
    }
}

void NeuronState::store(const SampleSlot& slot) {
    for (std::int64_t k = 0; k < populations_.size(); ++k) {
        const PopulationSlot& from = slot.populations[k];
        Neurons& to = populations_[k];
        const std::int64_t padded = to.packed->layout.padded();
        store_row(from.potential, slot.sample, padded, to.potential);
        store_row(from.refractory_left, slot.sample, padded, to.refractory_left);
        store_row(from.sent, slot.sample, padded, to.sent);
        store_row(from.source_counts, slot.sample, to.packed->num_source_counts(),
                  to.source_counts);
    }
}

PopulationState NeuronState::state(std::int64_t population) const {
    const Neurons& neurons = populations_[population];
    const Layout& layout = neurons.packed->layout;
    PopulationState state;
    state.potential = by_neuron<float>(neurons.potential, layout, num_samples_);
    state.refractory_steps_left =
        by_neuron<std::int32_t>(neurons.refractory_left, layout, num_samples_);
    state.spike_counts = by_neuron<std::int32_t>(neurons.sent, layout, num_samples_);
    if (neurons.packed->is_max_pool) {
        state.source_counts = by_neuron<std::int32_t>(
            neurons.source_counts, *neurons.packed->projections[0].source_layout, num_samples_);
    }
    return state;
}

void NeuronState::restore(const std::vector<PopulationState>& state) {
    for (std::int64_t k = 0; k < populations_.size(); ++k) {
        Neurons& neurons = populations_[k];
        const Layout& layout = neurons.packed->layout;
        const PopulationState& from = state.data()[k];
        by_lane(from.potential, layout, num_samples_, neurons.potential);
        by_lane(from.refractory_steps_left, layout, num_samples_, neurons.refractory_left);
        by_lane(from.spike_counts, layout, num_samples_, neurons.sent);
        if (neurons.packed->is_max_pool) {
            by_lane(from.source_counts, *neurons.packed->projections[0].source_layout, num_samples_,
                    neurons.source_counts);
        }
    }
}

void NeuronState::load_initial(const CpuProgram& program, const Settings& settings,
                               SampleSlot& slot) {
    for (std::int64_t k = 0; k < program.num_populations(); ++k) {
        const PackedPopulation& packed = program.population(k);
        PopulationSlot& to = slot.populations[k];
        const std::int64_t padded = packed.layout.padded();
        to.potential.reserve(padded);
        std::copy_n(packed.initial_potential.data(), padded, to.potential.data());
        if (settings.refractory_steps[k] > 0.0F) {
            to.refractory_left.reserve(padded);
            std::fill_n(to.refractory_left.data(), padded, 0.0F);
        }
        to.sent.reserve(packed.num_sent());
        std::fill_n(to.sent.data(), packed.num_sent(), 0);
        to.source_counts.reserve(packed.num_source_counts());
        std::fill_n(to.source_counts.data(), packed.num_source_counts(), 0);
    }
}

}  // namespace pysnn::detail
