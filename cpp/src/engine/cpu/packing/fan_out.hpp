// How many synapses each source bit reaches.
#pragma once

#include <cstdint>
#include <vector>

#include "base/array.hpp"
#include "base/layout.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {

/// Bits of the source that reach the same number of target positions add up to their fan-out.
struct FanOut {
    std::int64_t per_position = 1;   // synapses of one spike onto one target position
    std::vector<std::int64_t> rows;  // target positions along y, by source row
    std::int64_t uniform = 0;        // fan-out of every spike, where all have the same
    std::int64_t num_planes = 0;     // binary digits of the target positions along x
    Array<std::uint64_t> planes;     // (num_planes, words_per_row) of the source
};

FanOut fan_out(const Window& window, std::int64_t per_position, const Layout& source,
               const Layout& target);

}  // namespace pysnn::detail
