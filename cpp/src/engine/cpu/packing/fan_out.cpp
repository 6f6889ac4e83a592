// Fan-outs of windows, exact at borders.

#include "engine/cpu/packing/fan_out.hpp"

#include <algorithm>

namespace pysnn::detail {
namespace {

// How many target positions along one axis each source position reaches.
Array<std::int64_t> reach(std::int64_t source_size, std::int64_t target_size, std::int64_t kernel,
                          std::int64_t stride, std::int64_t padding) {
    Array<std::int64_t> count(source_size, 0);
    for (std::int64_t target = 0; target < target_size; ++target) {
        const std::int64_t first = target * stride - padding;
        for (std::int64_t i = std::max<std::int64_t>(first, 0);
             i < std::min(first + kernel, source_size); ++i) {
            ++count[i];
        }
    }
    return count;
}

bool all_equal(const Array<std::int64_t>& values) {
    return std::all_of(values.begin(), values.end(),
                       [&](std::int64_t value) { return value == values.front(); });
}

}  // namespace

FanOut fan_out(const Window& window, std::int64_t per_position, const Layout& source,
               const Layout& target) {
    FanOut result;
    result.per_position = per_position;
    result.rows = reach(source.height, target.height, window.kernel_height, window.stride_y,
                        window.padding_y);
    const Array<std::int64_t> columns =
        reach(source.width, target.width, window.kernel_width, window.stride_x, window.padding_x);
    if (all_equal(result.rows) && all_equal(columns)) {
        result.uniform = per_position * result.rows.front() * columns.front();
        return result;
    }
    const std::int64_t largest = *std::max_element(columns.begin(), columns.end());
    while (largest >> result.num_planes != 0) {
        ++result.num_planes;
    }
    result.planes.assign(result.num_planes * source.words_per_row, 0);
    for (std::int64_t digit = 0; digit < result.num_planes; ++digit) {
        std::uint64_t* plane = result.planes.data() + digit * source.words_per_row;
        for (std::int64_t x = 0; x < source.width; ++x) {
            if ((columns[x] >> digit & 1) == 0) {
                continue;
            }
            for (std::int64_t c = 0; c < source.channels; ++c) {
                const std::int64_t bit = x * source.bit_channels + c;
                plane[bit / kMaskBits] |= std::uint64_t{1} << (bit % kMaskBits);
            }
        }
    }
    return result;
}

}  // namespace pysnn::detail
