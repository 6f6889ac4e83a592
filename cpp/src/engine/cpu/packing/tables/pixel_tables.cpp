// Subset sums of eight channels, each from a smaller one.

#include "engine/cpu/packing/tables/pixel_tables.hpp"

#include <algorithm>

#include "base/bits.hpp"
#include "engine/cpu/tuning.hpp"

namespace pysnn::detail {
namespace {

// Tables of one pixel of a kernel for one neuron, at every kTableLanes-th place.
template <typename Weight>
void fill_pixel(const float* weights, std::int64_t channel_stride, std::int64_t num_channels,
                float unit, Weight* sums) {
    for (std::int64_t first = 0; first < num_channels; first += kPatternBits) {
        const std::int64_t bits = std::min(num_channels - first, kPatternBits);
        for (std::int64_t pattern = 1; pattern < std::int64_t{1} << bits; ++pattern) {
            const std::int64_t channel = first + lowest_bit(static_cast<std::uint64_t>(pattern));
            sums[pattern * kTableLanes] =
                static_cast<Weight>(sums[(pattern & (pattern - 1)) * kTableLanes] +
                                    static_cast<Weight>(weights[channel * channel_stride] / unit));
        }
        sums += kPatternRows * kTableLanes;
    }
}

template <typename Weight>
void fill(const Conv2d& layer, const PackedNeurons& target, const PixelTables& tables,
          AlignedBuffer<Weight>& packed) {
    const std::int64_t kernel_size = layer.kernel_size[0] * layer.kernel_size[1];
    packed = AlignedBuffer<Weight>(target.layout.lanes / kTableLanes * tables.size, Weight{0});
    for (std::int64_t out = 0; out < layer.out_channels; ++out) {
        const float grid = target.grid[target.layout.lane(out * target.layout.num_positions())];
        Weight* sums = packed.data() + out / kTableLanes * tables.size + out % kTableLanes;
        const float* weights = layer.weight.data() + out * layer.in_channels * kernel_size;
        for (std::int64_t k = 0; k < kernel_size; ++k) {
            fill_pixel(weights + k, kernel_size, layer.in_channels,
                       sizeof(Weight) == sizeof(float) ? 1.0F : grid,
                       sums + k * (tables.size / kernel_size));
        }
    }
}

}  // namespace

PixelTables pack_pixel_tables(const Conv2d& layer, const PackedNeurons& target) {
    PixelTables tables;
    const bool is_int16 = target.precision == Precision::Int16;
    const std::int64_t size =
        kPixelKernel * kPixelKernel * kPixelParts * kPatternRows * kTableLanes;
    const std::int64_t num_bytes =
        target.layout.lanes / kTableLanes * size *
        static_cast<std::int64_t>(is_int16 ? sizeof(std::int16_t) : sizeof(float));
    if (layer.kernel_size[0] != kPixelKernel || layer.kernel_size[1] != kPixelKernel ||
        layer.in_channels < tuning::kMinPixelTableChannels ||
        layer.in_channels > kPixelParts * kPatternBits || num_bytes > tuning::kMaxPixelTableBytes) {
        return tables;
    }
    tables.size = size;
    if (is_int16) {
        fill(layer, target, tables, tables.sums.shorts);
    } else {
        fill(layer, target, tables, tables.sums.floats);
    }
    return tables;
}

}  // namespace pysnn::detail
