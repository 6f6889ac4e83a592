// The recordable "potentials": membrane potentials at the end of each step.

#include <algorithm>

#include "base/array.hpp"
#include "network/spiking/neuron_models.hpp"
#include "record/recordable.hpp"

namespace pysnn::detail {
namespace {

void add_memory(const RecordSizes& sizes, MemoryEstimate& estimate) {
    estimate.add({sizes.num_steps, sizes.num_samples, sizes.num_neurons}, sizeof(float));
}

void prepare(const Population&, const RecordSizes& sizes, PopulationRecord& record) {
    record.potentials.assign(to_size(sizes.num_steps * sizes.num_samples * sizes.num_neurons),
                             0.0F);
}

void fill(const PopulationChunk& chunk, PopulationRecord& record) {
    const Layout& layout = chunk.layout;
    for (std::int64_t step = 0; step < chunk.num_steps; ++step) {
        const float* source = chunk.potentials + step * layout.padded();
        float* row = record.potentials.data() + chunk.row(step);
        if (layout.num_positions() == 1) {
            std::copy_n(source, layout.num_neurons(), row);
            continue;
        }
        for (std::int64_t channel = 0; channel < layout.channels; ++channel) {
            for (std::int64_t position = 0; position < layout.num_positions(); ++position) {
                *row++ = source[position * layout.lanes + channel];
            }
        }
    }
}

bool exists(NeuronModel neuron) { return traits_of(neuron).has_potential; }

std::vector<RecordedArray> arrays(const PopulationRecord& record) {
    return {{"potentials", RecordedSpan::StepsSamplesNeurons, &record.potentials}};
}

}  // namespace

const Recordable kPotentialsRecordable{"potentials",
                                       {false, true, false},
                                       &RecordOptions::potentials,
                                       add_memory,
                                       prepare,
                                       fill,
                                       exists,
                                       arrays};

}  // namespace pysnn::detail
