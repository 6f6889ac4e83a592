#pragma once

#include <array>
#include <cstdint>
#include <pysnn/export.hpp>
#include <variant>
#include <vector>

namespace pysnn {

/// Sizes of an array without its batch axis: (n) or (channels, height, width).
using Shape = std::vector<std::int64_t>;

/// Fully connected layer. A source of shape (C, H, W) is read row-major as one vector.
struct Linear {
    std::int64_t out_features = 0;
    std::int64_t in_features = 0;
    std::vector<float> weight;  // (out_features, in_features), row-major
    std::vector<float> bias;    // (out_features) or empty
};

/// Two-dimensional cross-correlation, as PyTorch's Conv2d; border rows that do not fill a whole
/// stride are left out, as there.
struct Conv2d {
    std::int64_t out_channels = 0;
    std::int64_t in_channels = 0;
    std::array<std::int64_t, 2> kernel_size{0, 0};  // height, width
    std::array<std::int64_t, 2> stride{1, 1};       // height, width
    std::array<std::int64_t, 2> padding{0, 0};      // rows above and below, columns left and right
    std::vector<float>
        weight;               // (out_channels, in_channels, kernel height, kernel width), row-major
    std::vector<float> bias;  // (out_channels) or empty
};

/// Average over windows that must tile the image exactly.
struct AvgPool2d {
    std::array<std::int64_t, 2> kernel_size{0, 0};  // height, width
    std::array<std::int64_t, 2> stride{0, 0};       // height, width
    // (channels), the weight of one synapse. Empty in a Network and in a description, where it
    // means 1 / window size; a SpikingNetwork fills in that value rounded up to the neuron's grid.
    std::vector<float> weight;
};

/// Reads (C, H, W) as one vector, row-major. Costs nothing.
struct Flatten {};

/// What connects one population (or the input) to the next.
using Layer = std::variant<Linear, Conv2d, AvgPool2d, Flatten>;

/// Number of elements of an array of this shape.
///
/// Throws:
///     std::invalid_argument: a size is below 1, or the product does not fit 32 bits.
PYSNN_API std::int64_t num_elements(const Shape& shape);

/// Shape that `layer` makes of `input_shape`.
///
/// Throws:
///     std::invalid_argument: sizes do not chain, a window does not fit, or the layer's own arrays
///     do
///         not have the sizes that it states.
PYSNN_API Shape output_shape(const Layer& layer, const Shape& input_shape);

}  // namespace pysnn
