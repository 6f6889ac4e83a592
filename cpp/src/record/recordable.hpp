// What a call can keep of a population, each thing in a file of its own.
#pragma once

#include <array>
#include <cstdint>
#include <pysnn/record.hpp>
#include <pysnn/spiking_network.hpp>
#include <string>
#include <vector>

#include "base/memory.hpp"
#include "record/chunk.hpp"

namespace pysnn::detail {

/// What an engine must provide where something is kept of a population.
struct RecordNeeds {
    bool spikes = false;      // PopulationChunk::spikes
    bool potentials = false;  // PopulationChunk::potentials
    bool charge = false;      // PopulationRecord::balance, filled by the engine step by step
};

/// Sizes of a call, as far as one population is concerned.
struct RecordSizes {
    std::int64_t num_steps = 0;
    std::int64_t num_samples = 0;
    std::int64_t num_neurons = 0;
};

/// One thing that a call can keep.
struct Recordable {
    const char* name;  // in RecordOptions, in messages and in Python
    RecordNeeds needs;
    std::vector<std::string> RecordOptions::* populations;
    /// Adds what its arrays will take.
    void (*add_memory)(const RecordSizes& sizes, MemoryEstimate& estimate);
    /// Gives the record its size, all zero; memory that it has is used again.
    void (*prepare)(const Population& population, const RecordSizes& sizes,
                    PopulationRecord& record);
    /// Takes what it keeps of a chunk; null where the engine fills the record itself.
    void (*fill)(const PopulationChunk& chunk, PopulationRecord& record);
    /// Whether neurons of this model have what it keeps.
    bool (*exists)(NeuronModel neuron);
    /// What it kept, by name.
    std::vector<RecordedArray> (*arrays)(const PopulationRecord& record);
};

/// A Recordable::exists of what all neurons have.
inline bool always_exists(NeuronModel) { return true; }

extern const Recordable kSpikesRecordable;
extern const Recordable kPotentialsRecordable;
extern const Recordable kCountsRecordable;
extern const Recordable kBalanceRecordable;

/// All of them, in the order in which they are checked.
inline constexpr std::array kRecordables{&kSpikesRecordable, &kPotentialsRecordable,
                                         &kCountsRecordable, &kBalanceRecordable};

}  // namespace pysnn::detail
