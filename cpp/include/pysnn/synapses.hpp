// The kinds of synapses that a population's projections are made of.
#pragma once

#include <array>
#include <cstdint>
#include <pysnn/export.hpp>
#include <pysnn/node.hpp>
#include <utility>
#include <variant>
#include <vector>

namespace pysnn {

/// Synapses of an average pool: one weight per channel, for windows that tile the image exactly.
struct PoolSynapses {
    PoolSynapses() = default;
    PoolSynapses(std::array<std::int64_t, 2> kernel_size_, std::array<std::int64_t, 2> stride_,
                 std::vector<float> weight_ = {})
        : kernel_size(kernel_size_), stride(stride_), weight(std::move(weight_)) {}
    /// What an average pool of a ReLU network becomes.
    PoolSynapses(const AvgPool2d& pool) : kernel_size(pool.kernel_size), stride(pool.stride) {}

    std::array<std::int64_t, 2> kernel_size{0, 0};  // height, width
    std::array<std::int64_t, 2> stride{0, 0};       // height, width
    // (channels), the weight of one synapse. Empty in a description, where it means
    // 1 / window size; a SpikingNetwork fills in that value rounded up to the neuron's grid.
    std::vector<float> weight;
};

/// What connects a source to a population. A Linear or a Conv2d means what it means as a node.
using Synapses = std::variant<Linear, Conv2d, PoolSynapses>;

/// Shape of the population that `synapses` make of a source.
///
/// Throws:
///     std::invalid_argument: as output_shape().
PYSNN_API Shape target_shape(const Synapses& synapses, const Shape& source_shape);

}  // namespace pysnn
