// Spikes times fan-outs.

#include "engine/cpu/ops/count_operations.hpp"

namespace pysnn::detail {

std::int64_t count_operations(const Share& share, const SampleSlot& slot) {
    const PackedProjection& projection = *share.projection;
    const FanOut& fan_out = projection.fan_out;
    if (fan_out.uniform != 0) {
        return fan_out.uniform * slot.spikes_of(projection.source);
    }
    const Layout& source = *projection.source_layout;
    const std::uint64_t* words = slot.words_of(projection.source);
    std::int64_t operations = 0;
    for (std::int64_t word = 0; word < source.num_words(); ++word) {
        std::int64_t positions = 0;
        for (std::int64_t digit = 0; digit < fan_out.num_planes; ++digit) {
            const std::uint64_t plane =
                fan_out.planes[digit * source.words_per_row + word % source.words_per_row];
            positions +=
                kernels().words.count_bits(words + word * kMaxChunk, slot.chunk_size, plane)
                << digit;
        }
        operations += positions * fan_out.rows.data()[word / source.words_per_row];
    }
    return operations * fan_out.per_position;
}

}  // namespace pysnn::detail
