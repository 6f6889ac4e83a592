// Packed weights of a Conv2d of few source channels: sums of all subsets.
#pragma once

#include <cstdint>
#include <pysnn/spiking_network.hpp>

#include "base/aligned_buffer.hpp"
#include "base/layout.hpp"
#include "engine/cpu/packing/neurons.hpp"

namespace pysnn::detail {

/// Sums of all subsets of a kernel row's weights, for few source channels.
///
/// A table serves `columns` neighbouring output positions at once: lookup (kernel row, part) adds
/// the row that `bits_per_part` bits of the source's row name.
struct SubsetTables {
    AlignedBuffer<float> sums;   // (channel tile, kernel row, part, pattern, column, lane)
    std::int64_t columns = 0;    // 0: no tables
    std::int64_t num_parts = 0;  // of a window row
    std::int64_t bits_per_part = 0;
    std::int64_t row_width = 0;  // columns * lanes of the tile
};

/// No tables where they do not pay.
SubsetTables pack_tables(const Conv2d& layer, const Layout& source, const PackedNeurons& target);

}  // namespace pysnn::detail
