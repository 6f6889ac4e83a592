// Geometry of windows over an image: the one place that knows stride, padding and dilation.
#pragma once

#include <array>
#include <cstdint>
#include <pysnn/node.hpp>
#include <string>
#include <vector>

namespace pysnn::detail {

/// Positions [begin, end).
struct Span {
    std::int64_t begin = 0;
    std::int64_t end = 0;

    bool is_empty() const { return end <= begin; }
};

/// A window along one axis.
struct WindowAxis {
    std::int64_t kernel = 1;  // taps
    std::int64_t stride = 1;
    std::int64_t before = 0;  // padding in front of the source
    std::int64_t after = 0;   // and behind it
    std::int64_t dilation = 1;

    /// Source positions from the first tap to behind the last.
    std::int64_t extent() const { return (kernel - 1) * dilation + 1; }

    /// Source positions that a whole number of strides leaves behind the last window; below 0 where
    /// no window fits.
    std::int64_t room(std::int64_t source_size) const {
        return source_size + before + after - extent();
    }

    /// Windows over a source in which one fits.
    std::int64_t num_targets(std::int64_t source_size) const {
        return room(source_size) / stride + 1;
    }

    /// Where the first tap of a window stands, in the source or beyond its borders.
    std::int64_t first(std::int64_t target) const { return target * stride - before; }

    /// Where a tap of a window stands.
    std::int64_t source_of(std::int64_t target, std::int64_t tap) const {
        return first(target) + tap * dilation;
    }

    /// Windows whose tap stands inside the source.
    Span targets_of_tap(std::int64_t tap, std::int64_t source_size, std::int64_t num_targets) const;

    /// Taps of a window that stand inside the source.
    Span taps_inside(std::int64_t target, std::int64_t source_size) const;

    /// How many windows have a tap on each source position.
    std::vector<std::int64_t> reach(std::int64_t source_size, std::int64_t num_targets) const;
};

/// A window over an image.
struct Window {
    std::int64_t kernel_height = 1;
    std::int64_t kernel_width = 1;
    std::int64_t stride_y = 1;
    std::int64_t stride_x = 1;
    Padding padding;
    std::int64_t dilation_y = 1;
    std::int64_t dilation_x = 1;

    WindowAxis y() const {
        return {kernel_height, stride_y, padding.top, padding.bottom, dilation_y};
    }
    WindowAxis x() const {
        return {kernel_width, stride_x, padding.left, padding.right, dilation_x};
    }
    std::array<WindowAxis, 2> axes() const { return {y(), x()}; }
    std::int64_t num_positions() const { return kernel_height * kernel_width; }
    /// Whether taps stand side by side.
    bool is_dense() const { return dilation_y == 1 && dilation_x == 1; }
};

/// "(1, 2)" as Python has it: vertical and horizontal, or top, bottom, left and right.
std::string to_text(const Padding& padding);

}  // namespace pysnn::detail
