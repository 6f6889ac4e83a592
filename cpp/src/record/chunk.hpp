// What one population of one sample did over some steps, as an engine hands it to the recordables.
#pragma once

#include <cstdint>

#include "base/bits.hpp"
#include "base/layout.hpp"

namespace pysnn::detail {

/// A chunk of steps. Spikes and potentials are in the orders of the layout.
struct PopulationChunk {
    const Layout& layout;
    std::int64_t num_samples = 0;  // of the call
    std::int64_t sample = 0;
    std::int64_t first_step = 0;  // since the call's first
    std::int64_t num_steps = 0;
    const std::uint64_t* spikes = nullptr;  // word w in step t at w * word_stride + t
    std::int64_t word_stride = 0;
    const float* potentials = nullptr;  // after step t at t * layout.padded(), or null

    /// Calls visit(step of the chunk, neuron, sign) for every spike.
    template <typename Visit>
    void for_each_spike(Visit visit) const {
        for (std::int64_t word = 0; word < layout.num_words(); ++word) {
            for (std::int64_t step = 0; step < num_steps; ++step) {
                for (std::uint64_t mask = spikes[word * word_stride + step]; mask != 0;
                     mask &= mask - 1) {
                    const std::int64_t bit = word * kMaskBits + lowest_bit(mask);
                    const bool is_negative = layout.is_signed && layout.is_negative(bit);
                    visit(step, layout.neuron_of_bit(bit), is_negative ? -1 : 1);
                }
            }
        }
    }

    /// Where a step's values of all neurons stand in an array (num_steps, num_samples,
    /// num_neurons).
    std::int64_t row(std::int64_t step) const {
        return ((first_step + step) * num_samples + sample) * layout.num_neurons();
    }
};

}  // namespace pysnn::detail
