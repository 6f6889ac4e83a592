// Geometry of windows over an image: the one place that knows stride, padding and dilation.
#include "nodes/window.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace pysnn::detail {
namespace {

// Rounded up, for numbers of at least 0; no sum of them, as strides may be as large as they like.
std::int64_t divide_up(std::int64_t value, std::int64_t divisor) {
    return value / divisor + (value % divisor != 0 ? 1 : 0);
}

}  // namespace

Span WindowAxis::targets_of_tap(std::int64_t tap, std::int64_t source_size,
                                std::int64_t num_targets) const {
    const std::int64_t offset = tap * dilation - before;  // of the first window's tap
    // The first window whose tap is not before the source, and the first whose tap is behind it.
    const std::int64_t begin = offset >= 0 ? 0 : divide_up(-offset, stride);
    const std::int64_t left = source_size - offset;
    const std::int64_t end = left <= 0 ? 0 : divide_up(left, stride);
    return {begin, std::min(end, num_targets)};
}

Span WindowAxis::taps_inside(std::int64_t target, std::int64_t source_size) const {
    const std::int64_t outside = std::min<std::int64_t>(first(target), 0);
    const std::int64_t left = source_size - first(target);
    const std::int64_t end = left <= 0 ? 0 : divide_up(left, dilation);
    return {divide_up(-outside, dilation), std::min(end, kernel)};
}

std::vector<std::int64_t> WindowAxis::reach(std::int64_t source_size,
                                            std::int64_t num_targets) const {
    std::vector<std::int64_t> count(static_cast<std::size_t>(source_size), 0);
    for (std::int64_t tap = 0; tap < kernel; ++tap) {
        const Span targets = targets_of_tap(tap, source_size, num_targets);
        for (std::int64_t target = targets.begin; target < targets.end; ++target) {
            ++count[static_cast<std::size_t>(source_of(target, tap))];
        }
    }
    return count;
}

std::string to_text(const Padding& padding) {
    return padding.is_symmetric()
               ? to_text(std::array<std::int64_t, 2>{padding.top, padding.left})
               : to_text(Shape{padding.top, padding.bottom, padding.left, padding.right});
}

}  // namespace pysnn::detail
