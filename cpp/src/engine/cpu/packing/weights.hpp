// How weight rows stand in memory for the gathering kernels.
#pragma once

#include <cstdint>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "engine/cpu/kernels/kernels.hpp"

namespace pysnn::detail {

/// Words whose bits are that many ids, one after the other.
Array<WordIds> words_of_ids(std::int64_t num_ids);

/// Weights in the type that a population's precision asks for; one of the two is filled.
struct WeightBuffer {
    AlignedBuffer<float> floats;
    AlignedBuffer<std::int16_t> shorts;

    std::int64_t num_bytes() const {
        return floats.size() * std::int64_t{sizeof(float)} +
               shorts.size() * std::int64_t{sizeof(std::int16_t)};
    }
    TileRows rows(std::int64_t first, std::int64_t num_rows) const {
        if (shorts.empty()) {
            return {floats.data() + first, num_rows};
        }
        return {shorts.data() + first, num_rows};
    }
};

/// What a spike of that sign, 1 or -1, adds; no negative zero.
inline float with_sign(int sign, float weight) { return sign > 0 ? weight : 0.0F - weight; }

/// Where a weight of a tile of `width` columns and `num_rows` rows stands; see TileRows.
inline std::int64_t place_in_tile(std::int64_t row, std::int64_t column, std::int64_t num_rows,
                                  std::int64_t width, std::int64_t pass_columns) {
    const std::int64_t pass = column / pass_columns * pass_columns;
    const std::int64_t pass_width = width - pass < pass_columns ? width - pass : pass_columns;
    return pass * num_rows + row * pass_width + column - pass;
}

}  // namespace pysnn::detail
