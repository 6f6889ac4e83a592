// Fan-outs of windows, exact at borders.

#include "engine/cpu/packing/fan_out.hpp"

#include <algorithm>

namespace pysnn::detail {

FanOut fan_out(const Window& window, std::int64_t per_position, const Layout& source,
               const Layout& target) {
    FanOut result;
    const std::vector<std::int64_t> rows = window.y().reach(source.height, target.height);
    const std::vector<std::int64_t> columns = window.x().reach(source.width, target.width);
    result.per_position = per_position;
    result.most_rows = *std::max_element(rows.begin(), rows.end());
    result.most_columns = *std::max_element(columns.begin(), columns.end());
    for (const std::int64_t reached : rows) {
        result.missed_rows.push_back(result.most_rows - reached);
    }
    const std::int64_t most_missed =
        result.most_columns - *std::min_element(columns.begin(), columns.end());
    while (most_missed >> result.num_planes != 0) {
        ++result.num_planes;
    }
    if (result.num_planes == 0 &&
        *std::max_element(result.missed_rows.begin(), result.missed_rows.end()) == 0) {
        result.missed_rows.clear();
    }
    result.planes.assign(result.num_planes * source.words_per_row, 0);
    for (std::int64_t digit = 0; digit < result.num_planes; ++digit) {
        std::uint64_t* plane = result.planes.data() + digit * source.words_per_row;
        for (std::int64_t x = 0; x < source.width; ++x) {
            if (((result.most_columns - columns.data()[x]) >> digit & 1) == 0) {
                continue;
            }
            for (std::int64_t b = 0; b < source.bit_channels; ++b) {
                const std::int64_t bit = x * source.bit_channels + b;
                plane[bit / kMaskBits] |= std::uint64_t{1} << (bit % kMaskBits);
            }
        }
    }
    return result;
}

}  // namespace pysnn::detail
