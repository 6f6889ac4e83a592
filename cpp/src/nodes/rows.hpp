// The weights that enter one neuron, as rounding sees them.
#pragma once

#include <cstdint>
#include <vector>

namespace pysnn::detail {

/// Neighbouring weights, each of one synapse.
struct Row {
    float* weight = nullptr;
    std::int64_t count = 0;
};

/// A weight that `count` synapses share and that stands for 1 / count. It is rounded up: nine
/// spikes through nine weights of 1/9 must reach a threshold of 1.
struct MeanRow {
    float* weight = nullptr;
    std::int64_t count = 0;
};

/// Everything that enters one neuron, or each neuron of a channel.
struct IncomingRows {
    std::vector<Row> weights;
    std::vector<Row> biases;
    std::vector<MeanRow> means;
};

}  // namespace pysnn::detail
