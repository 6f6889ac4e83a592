// The samples that a worker has at work, and what they keep between ops.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "engine/cpu/input/input_spikes.hpp"
#include "engine/cpu/packing/population.hpp"

namespace pysnn::detail {

/// One sample's neurons of one population, by lane, and their spikes over the chunk.
struct PopulationSlot {
    AlignedBuffer<float> potential;
    AlignedBuffer<float> refractory_left;       // steps for which input is dropped
    AlignedBuffer<std::int32_t> sent;           // positive minus negative spikes; see num_sent()
    AlignedBuffer<std::int32_t> source_counts;  // of a max pool, by the source's lane
    AlignedBuffer<std::uint64_t> spikes;        // (word, step of the chunk)
    std::int64_t num_spikes = 0;                // in the chunk
    // What sums begin with in place of the bias: bias and baseline, or bias and constant current.
    AlignedBuffer<float> base;
    AlignedBuffer<std::int16_t> base_int16;  // in units of the grid
};

/// One sample: its state, and its spikes over the chunk at work.
struct SampleSlot {
    std::int64_t sample = 0;
    std::int64_t chunk_begin = 0;  // steps since the call's first
    std::int64_t chunk_size = 0;
    InputSpikes input;
    AlignedBuffer<std::uint64_t> input_words;  // (word, step), where something reads them
    Array<PopulationSlot> populations;
    Array<std::int32_t> output_counts;  // since the call's first step, if the sample may stop
    AlignedBuffer<float> carry;         // (step, lane): sums that wait for more, or for membranes
    AlignedBuffer<float> potentials;    // (step, lane) of the population at work, if recorded

    const std::uint64_t* words_of(std::int64_t source) const {
        return source == kInputSource ? input_words.data() : populations[source].spikes.data();
    }
    std::int64_t spikes_of(std::int64_t source) const {
        return source == kInputSource ? input.num_spikes() : populations[source].num_spikes;
    }
};

}  // namespace pysnn::detail
