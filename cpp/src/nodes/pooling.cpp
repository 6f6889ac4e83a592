// Sizes and divisors of pools, as PyTorch has them.
#include "nodes/pooling.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"
#include "nodes/checks.hpp"

namespace pysnn::detail {
namespace {

using Pair = std::array<std::int64_t, 2>;

// At most half of the extent at each end, so that the first window reaches the image.
void check_half(const WindowAxis& axis, const Pooling& pooling, const std::string& kind) {
    if (std::max(axis.before, axis.after) > axis.extent() / 2) {
        throw std::invalid_argument(
            kind + " padding is " + to_text(pooling.window.padding) +
            ", expected at most half of the kernel, which is " +
            to_text(Pair{pooling.window.y().extent(), pooling.window.x().extent()}));
    }
}

// Whether a window fits, or may with what ceil_mode adds behind the image.
bool fits(const WindowAxis& axis, std::int64_t size, bool ceil_mode) {
    return axis.room(size) + (ceil_mode ? axis.stride - 1 : 0) >= 0;
}

std::int64_t num_windows(const WindowAxis& axis, std::int64_t size, bool ceil_mode) {
    const std::int64_t room = axis.room(size) + (ceil_mode ? axis.stride - 1 : 0);
    const std::int64_t count = room / axis.stride + 1;
    // A window for the rest must begin inside of the image or in front of it.
    return ceil_mode && axis.first(count - 1) >= size ? count - 1 : count;
}

}  // namespace

void check_pooling(const Pooling& pooling, const char* kind) {
    const std::string name = kind;
    const Window& window = pooling.window;
    check_at_least(Pair{window.kernel_height, window.kernel_width}, 1, name + " kernel_size");
    check_at_least(Pair{window.stride_y, window.stride_x}, 1, name + " stride");
    check_at_least(Pair{window.dilation_y, window.dilation_x}, 1, name + " dilation");
    check_padding(window.padding, name + " padding");
    constexpr std::int64_t kMaxSize = std::int64_t{1} << 31;
    // Products of them must not overflow.
    for (const std::int64_t size : {window.kernel_height, window.kernel_width, window.stride_y,
                                    window.stride_x, window.dilation_y, window.dilation_x}) {
        if (size >= kMaxSize) {
            throw std::invalid_argument(name + " has a size of " + std::to_string(size) +
                                        ", expected less than 2^31");
        }
    }
    for (const WindowAxis& axis : window.axes()) {
        check_half(axis, pooling, name);
    }
}

Shape pooled_shape(const Pooling& pooling, const Shape& input, const char* kind) {
    check_image(input, kind);
    Shape output{input[0]};
    for (const std::size_t index : {0, 1}) {
        const WindowAxis axis = pooling.window.axes()[index];
        const std::int64_t size = input[index + 1];
        if (!fits(axis, size, pooling.ceil_mode)) {
            throw std::invalid_argument(
                std::string(kind) + " kernel_size " +
                to_text(Pair{pooling.window.kernel_height, pooling.window.kernel_width}) +
                " does not fit an input of shape " + to_text(input));
        }
        // Taps of a window that begins in the padding could step over the whole image.
        if (axis.before > 0 && axis.dilation > size) {
            throw std::invalid_argument(
                std::string(kind) + " dilation is " +
                to_text(Pair{pooling.window.dilation_y, pooling.window.dilation_x}) +
                ", expected at most the sides of its padded input of shape " + to_text(input));
        }
        output.push_back(num_windows(axis, size, pooling.ceil_mode));
    }
    return output;
}

MeanWindows::MeanWindows(const Window& window, const Shape& input, const Shape& output,
                         bool count_include_pad)
    : axes_{Along{window.y(), input[1], output[1], count_include_pad},
            Along{window.x(), input[2], output[2], count_include_pad}} {}

MeanWindow MeanWindows::Along::at(std::int64_t target) const {
    const Span inside = axis.taps_inside(target, input_size);
    const std::int64_t num_taps = inside.end - inside.begin;
    const std::int64_t first = axis.first(target);
    return {num_taps, count_include_pad
                          ? std::min(first + axis.kernel, input_size + axis.after) - first
                          : num_taps};
}

// Divisors rise to the middle and fall behind it, by ever more: two neighbours and the other end
// tell.
bool MeanWindows::Along::have_one_divisor() const {
    const std::int64_t divisor = at(0).divisor;
    return at(num_windows - 1).divisor == divisor && (num_windows < 2 || at(1).divisor == divisor);
}

MeanWindow MeanWindows::at(std::int64_t position) const {
    const MeanWindow row = axes_[0].at(position / axes_[1].num_windows);
    const MeanWindow column = axes_[1].at(position % axes_[1].num_windows);
    return {row.num_taps * column.num_taps, row.divisor * column.divisor};
}

std::int64_t MeanWindows::size() const { return axes_[0].num_windows * axes_[1].num_windows; }

bool MeanWindows::have_one_divisor() const {
    return axes_[0].have_one_divisor() && axes_[1].have_one_divisor();
}

std::int64_t MeanWindows::most_taps() const {
    std::int64_t most = 1;
    for (const Along& along : axes_) {
        std::int64_t of_axis = 0;
        for (std::int64_t target = 0; target < along.num_windows; ++target) {
            of_axis = std::max(of_axis, along.at(target).num_taps);
        }
        most *= of_axis;
    }
    return most;
}

}  // namespace pysnn::detail
