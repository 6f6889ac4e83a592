// Packed weights of a Conv2d of narrow pixels: sums of all subsets of eight channels.
#pragma once

#include <cstdint>
#include <pysnn/spiking_network.hpp>

#include "base/layout.hpp"
#include "engine/cpu/packing/neurons.hpp"
#include "engine/cpu/packing/weights.hpp"

namespace pysnn::detail {

/// Sums of all subsets of eight channels' weights, for each pixel of a kernel and each 16 neurons.
///
/// Negative spikes take the same sums off.
struct PixelTables {
    WeightBuffer sums;           // (16 neurons, kernel row, kernel column, part, pattern, lane)
    std::int64_t num_parts = 0;  // patterns of a pixel; 0: no tables
    std::int64_t size = 0;       // of the tables of 16 neurons

    bool empty() const { return num_parts == 0; }
    /// Those of the neurons from a channel on.
    const void* at(std::int64_t channel) const {
        return sums.rows(channel / kTableLanes * size, 0).data;
    }
};

/// No tables where those of 16 neurons do not fit the second cache, or where they do not pay.
PixelTables pack_pixel_tables(const Conv2d& layer, const Layout& source,
                              const PackedNeurons& target);

}  // namespace pysnn::detail
