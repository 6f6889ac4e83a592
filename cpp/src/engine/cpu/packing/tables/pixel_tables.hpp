// Packed weights of a Conv2d of narrow pixels: sums of all subsets of eight channels.
#pragma once

#include <cstdint>
#include <pysnn/spiking_network.hpp>

#include "engine/cpu/packing/neurons.hpp"
#include "engine/cpu/packing/weights.hpp"

namespace pysnn::detail {

/// Sums of all subsets of eight channels' weights, for each pixel of a kernel and each 16 neurons.
///
/// Negative spikes take the same sums off.
struct PixelTables {
    WeightBuffer sums;      // (16 neurons, kernel row, kernel column, part, pattern, lane)
    std::int64_t size = 0;  // of the tables of 16 neurons; 0: none

    bool empty() const { return size == 0; }
    /// Those of the neurons from a channel on.
    const void* at(std::int64_t channel) const {
        return sums.rows(channel / kTableLanes * size, 0).data;
    }
};

/// No tables where they do not fit the second cache, or do not pay.
PixelTables pack_pixel_tables(const Conv2d& layer, const PackedNeurons& target);

}  // namespace pysnn::detail
