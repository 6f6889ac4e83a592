// The kinds of nodes that a network is made of, and what they make of a shape.
#pragma once

#include <array>
#include <cstdint>
#include <pysnn/export.hpp>
#include <variant>
#include <vector>

namespace pysnn {

/// Sizes of an array without its batch axis: (n) or (channels, height, width).
using Shape = std::vector<std::int64_t>;

/// Fully connected. A source of shape (C, H, W) is read row-major as one vector.
struct Linear {
    std::int64_t out_features = 0;
    std::int64_t in_features = 0;
    std::vector<float> weight;  // (out_features, in_features), row-major
    std::vector<float> bias;    // (out_features) or empty
};

/// Rows and columns around an image.
struct Padding {
    Padding() = default;
    Padding(std::int64_t vertical, std::int64_t horizontal)
        : top(vertical), bottom(vertical), left(horizontal), right(horizontal) {}
    Padding(std::int64_t top_, std::int64_t bottom_, std::int64_t left_, std::int64_t right_)
        : top(top_), bottom(bottom_), left(left_), right(right_) {}

    /// Whether both ends of each axis have the same.
    bool is_symmetric() const noexcept { return top == bottom && left == right; }

    std::int64_t top = 0;
    std::int64_t bottom = 0;
    std::int64_t left = 0;
    std::int64_t right = 0;
};

inline bool operator==(const Padding& a, const Padding& b) {
    return a.top == b.top && a.bottom == b.bottom && a.left == b.left && a.right == b.right;
}
inline bool operator!=(const Padding& a, const Padding& b) { return !(a == b); }

/// Two-dimensional cross-correlation, as PyTorch's Conv2d; border rows that do not fill a whole
/// stride are left out, as there.
struct Conv2d {
    std::int64_t out_channels = 0;
    std::int64_t in_channels = 0;                   // of all groups together
    std::array<std::int64_t, 2> kernel_size{0, 0};  // height, width
    std::array<std::int64_t, 2> stride{1, 1};       // height, width
    Padding padding{};                              // of zeros
    // (out_channels, in_channels / groups, kernel height, kernel width), row-major
    std::vector<float> weight;
    std::vector<float> bias;                     // (out_channels) or empty
    std::array<std::int64_t, 2> dilation{1, 1};  // rows and columns from one tap to the next
    // Parts of the channels that see nothing of each other: output channels of part k read the
    // input channels of part k. Divides out_channels and in_channels.
    std::int64_t groups = 1;
};

/// Average over windows, channel by channel, as PyTorch's AvgPool2d.
struct AvgPool2d {
    std::array<std::int64_t, 2> kernel_size{0, 0};  // height, width
    std::array<std::int64_t, 2> stride{0, 0};       // height, width
    Padding padding{};                              // of zeros; at most half of a window
    // Whether a last window may hang over the border: what the stride leaves of the image is
    // looked at, not left out.
    bool ceil_mode = false;
    bool count_include_pad = true;  // whether the divisor counts the padding under a window
};

/// Reads (C, H, W) as one vector, row-major. Costs nothing.
struct Flatten {};

/// Largest value of windows, channel by channel, as PyTorch's MaxPool2d; padding is never largest.
struct MaxPool2d {
    std::array<std::int64_t, 2> kernel_size{0, 0};  // height, width
    std::array<std::int64_t, 2> stride{0, 0};       // height, width
    Padding padding{};                              // at most half of a window
    std::array<std::int64_t, 2> dilation{1, 1};     // rows and columns from one tap to the next
    bool ceil_mode = false;                         // as AvgPool2d
};

/// Normalization with statistics of the training samples, one of each per channel (element of a
/// vector): (x - mean) / sqrt(variance + eps) * weight + bias.
struct BatchNorm {
    std::vector<float> weight;  // empty: 1
    std::vector<float> bias;    // empty: 0
    std::vector<float> mean;
    std::vector<float> variance;
    double eps = 1e-5;
};

/// max(x, 0), clipped to `max`, in `levels` equal steps.
struct ReLU {
    float max = 0.0F;         // 0: none
    std::int64_t levels = 0;  // above 0, halves rounded up; 0: none. Needs max.
};

/// Sum of two or more inputs of one shape.
struct Add {};

/// Two or more inputs one behind the other, along channels (elements of vectors).
struct Concat {};

/// Zeros around an image.
struct Pad {
    Padding padding{};
};

/// x * scale + shift in float64, rounded to float32; one value for all or one per channel (element
/// of a vector).
struct Affine {
    std::vector<double> scale;
    std::vector<double> shift;
};

/// A step of a ReLU network.
using Node = std::variant<Linear, Conv2d, AvgPool2d, Flatten, MaxPool2d, BatchNorm, ReLU, Add,
                          Concat, Pad, Affine>;

/// Number of elements of an array of this shape.
///
/// Throws:
///     std::invalid_argument: a size is below 1, or the product does not fit 32 bits.
PYSNN_API std::int64_t num_elements(const Shape& shape);

/// Shape that `node` makes of `input_shape`.
///
/// Throws:
///     std::invalid_argument: sizes do not chain, a window does not fit, or the node's own arrays
///     do not have the sizes that it states.
PYSNN_API Shape output_shape(const Node& node, const Shape& input_shape);

/// Shape that `node` makes of several inputs.
///
/// Throws:
///     std::invalid_argument: as above, or there are more or fewer inputs than the node takes.
PYSNN_API Shape output_shape(const Node& node, const std::vector<Shape>& input_shapes);

}  // namespace pysnn
