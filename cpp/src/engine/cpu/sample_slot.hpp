#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/aligned_buffer.hpp"
#include "engine/cpu/input/input_spikes.hpp"
#include "engine/cpu/job.hpp"

namespace pysnn::detail {

/// One sample of a block: its state, and its spikes over the chunk at work.
struct SampleSlot {
    std::int64_t sample = 0;
    std::int64_t chunk_begin = 0;  // steps since the call's first
    std::int64_t chunk_size = 0;
    InputSpikes input;
    AlignedBuffer<std::uint64_t> input_words;  // as spikes, where something reads them
    // By population:
    std::vector<AlignedBuffer<float>> potential;
    std::vector<AlignedBuffer<float>> refractory_left;
    std::vector<AlignedBuffer<std::uint64_t>> spikes;     // (word, step of the chunk)
    std::vector<std::int64_t> num_spikes;                 // in the chunk
    std::vector<AlignedBuffer<float>> base;               // bias with baseline or current, by lane
    std::vector<std::uint32_t> output_counts;             // since step 0, if the sample may stop
    std::vector<AlignedBuffer<std::int16_t>> base_int16;  // in units of the grid
    AlignedBuffer<float> carry;       // (step, lane): sums that wait for more, or for membranes
    AlignedBuffer<float> potentials;  // (step, lane) of the population at work, if recorded

    void clear_spikes(std::size_t population, const Layout& layout) {
        AlignedBuffer<std::uint64_t>& words = spikes[population];
        words.reserve(static_cast<std::size_t>(layout.num_words() * kMaxChunk));
        for (std::int64_t word = 0; word < layout.num_words(); ++word) {
            std::fill_n(words.data() + word * kMaxChunk, chunk_size, std::uint64_t{0});
        }
        num_spikes[population] = 0;
    }
    const void* base_of(std::size_t population, std::int64_t lane, bool int16) const {
        return int16 ? static_cast<const void*>(base_int16[population].data() + lane)
                     : static_cast<const void*>(base[population].data() + lane);
    }
    const std::uint64_t* words_of(int source) const {
        return source == 0 ? input_words.data()
                           : spikes[static_cast<std::size_t>(source - 1)].data();
    }
    std::int64_t spikes_of(int source) const {
        return source == 0 ? input.num_spikes() : num_spikes[static_cast<std::size_t>(source - 1)];
    }
};

}  // namespace pysnn::detail
