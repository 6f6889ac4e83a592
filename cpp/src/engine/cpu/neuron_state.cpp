// Copies between the state of all samples and the slots of those at work.

#include "engine/cpu/neuron_state.hpp"

#include <algorithm>
#include <utility>

namespace pysnn::detail {

NeuronState::NeuronState(const CpuProgram& program, const Settings& settings)
    : num_samples_(settings.num_samples), populations_(program.num_populations()) {
    for (std::int64_t k = 0; k < program.num_populations(); ++k) {
        Neurons& neurons = populations_[k];
        neurons.packed = &program.population(k);
        const std::int64_t size = num_samples_ * neurons.packed->layout.padded();
        neurons.potential = AlignedBuffer<float>(size);
        if (settings.refractory_steps[k] > 0.0F) {
            neurons.refractory_left = AlignedBuffer<float>(size);
        }
    }
}

void NeuronState::load(SampleSlot& slot) const {
    for (std::int64_t k = 0; k < populations_.size(); ++k) {
        const Neurons& from = populations_[k];
        PopulationSlot& to = slot.populations[k];
        const std::int64_t padded = from.packed->layout.padded();
        const std::int64_t row = slot.sample * padded;
        to.potential.reserve(padded);
        std::copy_n(from.potential.data() + row, padded, to.potential.data());
        if (!from.refractory_left.empty()) {
            to.refractory_left.reserve(padded);
            std::copy_n(from.refractory_left.data() + row, padded, to.refractory_left.data());
        }
    }
}

void NeuronState::store(const SampleSlot& slot) {
    for (std::int64_t k = 0; k < populations_.size(); ++k) {
        const PopulationSlot& from = slot.populations[k];
        Neurons& to = populations_[k];
        const std::int64_t padded = to.packed->layout.padded();
        const std::int64_t row = slot.sample * padded;
        std::copy_n(from.potential.data(), padded, to.potential.data() + row);
        if (!to.refractory_left.empty()) {
            std::copy_n(from.refractory_left.data(), padded, to.refractory_left.data() + row);
        }
    }
}

PopulationState NeuronState::state(std::int64_t population) const {
    const Neurons& neurons = populations_[population];
    const Layout& layout = neurons.packed->layout;
    PopulationState state;
    state.potential.reserve(to_size(num_samples_ * layout.num_neurons()));
    for (std::int64_t sample = 0; sample < num_samples_; ++sample) {
        const std::int64_t row = sample * layout.padded();
        for (std::int64_t i = 0; i < layout.num_neurons(); ++i) {
            const std::int64_t at = row + layout.lane(i);
            state.potential.push_back(neurons.potential[at]);
            if (!neurons.refractory_left.empty()) {
                state.refractory_steps_left.push_back(
                    static_cast<std::int32_t>(neurons.refractory_left[at]));
            }
        }
    }
    return state;
}

void NeuronState::restore(const std::vector<PopulationState>& state) {
    for (std::int64_t k = 0; k < populations_.size(); ++k) {
        Neurons& neurons = populations_[k];
        const Layout& layout = neurons.packed->layout;
        const float* potential = state.data()[k].potential.data();
        const std::int32_t* left = state.data()[k].refractory_steps_left.data();
        std::fill_n(neurons.potential.data(), neurons.potential.size(), 0.0F);
        std::fill_n(neurons.refractory_left.data(), neurons.refractory_left.size(), 0.0F);
        for (std::int64_t sample = 0; sample < num_samples_; ++sample) {
            for (std::int64_t i = 0; i < layout.num_neurons(); ++i) {
                const std::int64_t at = sample * layout.padded() + layout.lane(i);
                neurons.potential[at] = *potential++ + 0.0F;  // no negative zero
                if (!neurons.refractory_left.empty()) {
                    neurons.refractory_left[at] = static_cast<float>(*left++);
                }
            }
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
    }
}

}  // namespace pysnn::detail
