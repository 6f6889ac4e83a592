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

/// Synapses of an average pool, whose output size and divisors are those of PyTorch's AvgPool2d.
struct PoolSynapses {
    PoolSynapses() = default;
    PoolSynapses(std::array<std::int64_t, 2> kernel_size_, std::array<std::int64_t, 2> stride_,
                 std::vector<float> weight_ = {})
        : kernel_size(kernel_size_), stride(stride_), weight(std::move(weight_)) {}
    /// What an average pool of a ReLU network becomes.
    PoolSynapses(const AvgPool2d& pool)
        : kernel_size(pool.kernel_size),
          stride(pool.stride),
          padding(pool.padding),
          ceil_mode(pool.ceil_mode),
          count_include_pad(pool.count_include_pad) {}

    std::array<std::int64_t, 2> kernel_size{0, 0};  // height, width
    std::array<std::int64_t, 2> stride{0, 0};       // height, width
    Padding padding;                                // at most half of the kernel
    bool ceil_mode = false;                         // whether a rest gets a window of its own
    bool count_include_pad = true;                  // whether padding counts in the divisor
    // The weight of one synapse: (channels), or (channels, height, width) of the target where
    // windows have different divisors. Empty in a description, where it means 1 / divisor; a
    // SpikingNetwork fills in that value rounded up to the neuron's grid.
    std::vector<float> weight;
};

/// Sources of a max pool, as PyTorch's MaxPool2d; they have no weights. The only projection of a
/// population whose neuron model is NeuronModel::MaxPool.
struct MaxPoolSynapses {
    std::array<std::int64_t, 2> kernel_size{0, 0};  // height, width
    std::array<std::int64_t, 2> stride{0, 0};       // height, width
    Padding padding;                                // at most half of the kernel; never the maximum
    std::array<std::int64_t, 2> dilation{1, 1};     // rows and columns from one tap to the next
    bool ceil_mode = false;                         // whether a rest gets a window of its own
};

/// Synapses of a shortcut: every pixel reaches one pixel, in a channel of its own.
///
/// Channel c of the source reaches channel first_channel + c of the target; pixel (y, x) of the
/// target gets (y * stride - padding.top, x * stride - padding.left) of the source, if that is
/// inside. Other channels of the target get nothing. Elements of a vector are its channels.
struct IdentitySynapses {
    std::int64_t out_channels = 0;  // of the target; 0: those up to the last one that is reached
    std::int64_t first_channel = 0;
    std::array<std::int64_t, 2> stride{1, 1};  // height, width; 1 for vectors
    Padding padding;                           // none for vectors
    std::vector<float> weight;                 // (channels of the source)
};

/// What connects a source to a population. A Linear or a Conv2d means what it means as a node.
using Synapses = std::variant<Linear, Conv2d, PoolSynapses, IdentitySynapses, MaxPoolSynapses>;

/// Shape of the population that `synapses` make of a source.
///
/// Throws:
///     std::invalid_argument: as output_shape().
PYSNN_API Shape target_shape(const Synapses& synapses, const Shape& source_shape);

}  // namespace pysnn
