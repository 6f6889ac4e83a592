// Subset sums, each from a smaller one.

#include "engine/cpu/packing/tables/subset_tables.hpp"

#include <algorithm>

#include "engine/cpu/packing/weights.hpp"
#include "engine/cpu/tuning.hpp"

namespace pysnn::detail {
namespace {

// The fewest lookups that fit, then the most columns; columns is 0 where nothing does.
SubsetTables choose(const Conv2d& layer, const Layout& source, const PackedNeurons& target) {
    SubsetTables best;
    const std::int64_t width = target.width_of_tile(0);
    for (std::int64_t columns = kMaskBits / std::min(width, kMaskBits); columns >= 1;
         columns /= 2) {
        const std::int64_t row_bits =
            (layer.kernel_size[1] + (columns - 1) * layer.stride[1]) * source.bit_channels;
        for (std::int64_t parts =
                 (row_bits + tuning::kMaxPatternBits - 1) / tuning::kMaxPatternBits;
             parts <= row_bits; ++parts) {
            const std::int64_t bits = (row_bits + parts - 1) / parts;
            const std::int64_t bytes = (layer.kernel_size[0] * parts * columns * width * 4) << bits;
            const bool pays =
                parts * tuning::kMinBitsPerLookup <= layer.kernel_size[1] * source.bit_channels;
            if (bytes <= tuning::kMaxTableBytes && pays &&
                (best.columns == 0 || parts < best.num_parts)) {
                best.columns = columns;
                best.num_parts = parts;
                best.bits_per_part = bits;
                best.row_width = columns * width;
            }
        }
    }
    return best;
}

}  // namespace

SubsetTables pack_tables(const Conv2d& layer, const Layout& source, const PackedNeurons& target) {
    SubsetTables tables = choose(layer, source, target);
    if (tables.columns == 0) {
        return {};
    }
    const std::int64_t patterns = std::int64_t{1} << tables.bits_per_part;
    const std::int64_t table_size = patterns * tables.row_width;
    const std::int64_t tile_size = layer.kernel_size[0] * tables.num_parts * table_size;
    const std::int64_t num_tiles =
        (target.layout.lanes + target.tile_width - 1) / target.tile_width;
    tables.sums = AlignedBuffer<float>(num_tiles * tile_size, 0.0F);
    // Weight of a bit of the window row for one output column and channel; 0 outside its kernel and
    // for bits that fill up a pixel's last word.
    const auto weight = [&](std::int64_t row, std::int64_t bit, std::int64_t column,
                            std::int64_t out) {
        const std::int64_t j = bit / source.bit_channels - column * layer.stride[1];
        const int sign = source.sign_of(bit % source.bit_channels);
        if (j < 0 || j >= layer.kernel_size[1] || sign == 0) {
            return 0.0F;
        }
        const std::int64_t c = source.channel_of(bit % source.bit_channels);
        const std::int64_t entry =
            ((out * layer.in_channels + c) * layer.kernel_size[0] + row) * layer.kernel_size[1] + j;
        return with_sign(sign, layer.weight.data()[entry]);
    };
    float* sums = tables.sums.data();
    for (std::int64_t row = 0; row < layer.kernel_size[0]; ++row) {
        for (std::int64_t part = 0; part < tables.num_parts; ++part, sums += table_size) {
            for (std::int64_t pattern = 1; pattern < patterns; ++pattern) {
                // One bit more than a smaller pattern.
                std::int64_t bit = 0;
                while ((pattern >> bit & 1) == 0) {
                    ++bit;
                }
                const float* smaller = sums + (pattern & (pattern - 1)) * tables.row_width;
                float* larger = sums + pattern * tables.row_width;
                for (std::int64_t column = 0; column < tables.columns; ++column) {
                    for (std::int64_t out = 0; out < layer.out_channels; ++out) {
                        const std::int64_t lane = out / target.tile_width * tile_size +
                                                  column * target.layout.lanes +
                                                  out % target.tile_width;
                        larger[lane] = smaller[lane] +
                                       weight(row, part * tables.bits_per_part + bit, column, out);
                    }
                }
            }
        }
    }
    return tables;
}

}  // namespace pysnn::detail
