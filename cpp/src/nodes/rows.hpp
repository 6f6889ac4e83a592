// The weights that enter one neuron, as rounding sees them.
#pragma once

#include <cstdint>
#include <pysnn/node.hpp>
#include <vector>

namespace pysnn::detail {

/// What synapses read.
struct RowSource {
    Shape shape;
    double scale = 1.0;  // of the network's input; 1 of populations
};

/// Neighbouring weights, each of one synapse.
struct Row {
    float* weight = nullptr;
    std::int64_t count = 0;
};

/// A weight that `count` synapses share and that stands for a mean. It is rounded up: nine spikes
/// through nine weights of 1/9 must reach a threshold of 1.
struct MeanRow {
    float* weight = nullptr;
    std::int64_t count = 0;
    double mean = 0.0;
};

/// Everything that enters one neuron, or each neuron of a channel.
struct IncomingRows {
    std::vector<Row> weights;
    std::vector<Row> biases;
    std::vector<MeanRow> means;
};

}  // namespace pysnn::detail
