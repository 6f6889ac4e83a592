// How many synapses each source bit reaches.
#pragma once

#include <cstdint>
#include <vector>

#include "base/array.hpp"
#include "base/layout.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {

/// Most spikes of a window's source reach the same number of target positions, all but those near
/// borders, or between strides: what these miss is counted, bit by bit.
struct FanOut {
    std::int64_t per_position = 1;  // synapses of one spike onto one target position
    std::int64_t most_rows = 1;     // target positions along y that a spike reaches, at most
    std::int64_t most_columns = 1;  // and along x
    std::vector<std::int64_t> missed_rows;  // of the most, by source row; empty if all reach all
    std::int64_t num_planes = 0;            // binary digits of what is missed along x
    Array<std::uint64_t> planes;            // (num_planes, words_per_row) of the source

    /// Every spike reaches as many.
    bool is_uniform() const { return missed_rows.empty(); }
};

FanOut fan_out(const Window& window, std::int64_t per_position, const Layout& source,
               const Layout& target);

}  // namespace pysnn::detail
