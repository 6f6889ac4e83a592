// The recordable "counts": spikes per neuron, less negative ones.

#include "base/array.hpp"
#include "record/recordable.hpp"

namespace pysnn::detail {
namespace {

void add_memory(const RecordSizes& sizes, MemoryEstimate& estimate) {
    estimate.add({sizes.num_samples, sizes.num_neurons}, sizeof(std::int32_t));
}

void prepare(const Population&, const RecordSizes& sizes, PopulationRecord& record) {
    record.counts.assign(to_size(sizes.num_samples * sizes.num_neurons), 0);
}

void fill(const PopulationChunk& chunk, PopulationRecord& record) {
    std::int32_t* counts = record.counts.data() + chunk.sample * chunk.layout.num_neurons();
    chunk.for_each_spike(
        [&](std::int64_t, std::int64_t neuron, int sign) { counts[neuron] += sign; });
}

std::vector<RecordedArray> arrays(const PopulationRecord& record) {
    return {{"counts", RecordedSpan::SamplesNeurons, &record.counts}};
}

}  // namespace

const Recordable kCountsRecordable{"counts",
                                   {true, false, false},
                                   &RecordOptions::counts,
                                   add_memory,
                                   prepare,
                                   fill,
                                   always_exists,
                                   arrays};

}  // namespace pysnn::detail
