// What the core knows of each neuron model, but for its arithmetic: that is a rule of the engine.
#pragma once

#include <pysnn/spiking_network.hpp>

namespace pysnn::detail {

struct NeuronModelTraits {
    const char* name;
    bool sends_negatives;  // by itself; a max pool does where its source does
    // What it reads of a population, beside projections.
    bool has_threshold;
    bool has_potential;  // and with it an initial one, and a bias
    bool has_reset;      // resets to zero too, and may have a refractory period
    bool has_negative_threshold;
    bool has_leak;
    bool has_delay;
};

const NeuronModelTraits& traits_of(NeuronModel neuron) noexcept;

}  // namespace pysnn::detail
