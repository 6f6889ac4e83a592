// The recordable "spikes": spike trains.

#include "base/array.hpp"
#include "record/recordable.hpp"

namespace pysnn::detail {
namespace {

void add_memory(const RecordSizes& sizes, MemoryEstimate& estimate) {
    estimate.add({sizes.num_steps, sizes.num_samples, sizes.num_neurons}, sizeof(std::int8_t));
}

void prepare(const Population&, const RecordSizes& sizes, PopulationRecord& record) {
    record.spikes.assign(to_size(sizes.num_steps * sizes.num_samples * sizes.num_neurons), 0);
}

void fill(const PopulationChunk& chunk, PopulationRecord& record) {
    std::int8_t* spikes = record.spikes.data();
    chunk.for_each_spike([&](std::int64_t step, std::int64_t neuron, int sign) {
        spikes[chunk.row(step) + neuron] = static_cast<std::int8_t>(sign);
    });
}

std::vector<RecordedArray> arrays(const PopulationRecord& record) {
    return {{"spikes", RecordedSpan::StepsSamplesNeurons, &record.spikes}};
}

}  // namespace

const Recordable kSpikesRecordable{"spikes",
                                   {true, false, false},
                                   &RecordOptions::spikes,
                                   add_memory,
                                   prepare,
                                   fill,
                                   always_exists,
                                   arrays};

}  // namespace pysnn::detail
