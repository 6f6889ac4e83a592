// Fan-outs of windows, exact at borders.

#include "engine/cpu/packing/fan_out.hpp"

#include <algorithm>

namespace pysnn::detail {
namespace {

bool all_equal(const std::vector<std::int64_t>& values) {
    return std::all_of(values.begin(), values.end(),
                       [&](std::int64_t value) { return value == values.front(); });
}

}  // namespace

FanOut fan_out(const Window& window, std::int64_t per_position, const Layout& source,
               const Layout& target) {
    FanOut result;
    result.per_position = per_position;
    result.rows = window.y().reach(source.height, target.height);
    const std::vector<std::int64_t> columns = window.x().reach(source.width, target.width);
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
            if ((columns.data()[x] >> digit & 1) == 0) {
                continue;
            }
            for (std::int64_t b = 0; b < source.bit_channels; ++b) {
                const std::int64_t bit = x * source.bit_channels + b;
                const std::uint64_t is_there = source.sign_of(b) != 0 ? 1 : 0;
                plane[bit / kMaskBits] |= is_there << (bit % kMaskBits);
            }
        }
    }
    return result;
}

}  // namespace pysnn::detail
