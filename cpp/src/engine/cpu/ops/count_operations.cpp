// Spikes times fan-outs.

#include "engine/cpu/ops/count_operations.hpp"

namespace pysnn::detail {

namespace {

// Target positions that the spikes of a source row miss, of the most that spikes reach.
std::int64_t missed_of_row(const FanOut& fan_out, const std::uint64_t* words,
                           std::int64_t num_words, std::int64_t row, std::int64_t num_steps) {
    const auto count = [&](std::int64_t word, std::uint64_t mask) {
        return kernels().words.count_bits(words + word * kMaxChunk, num_steps, mask);
    };
    const std::int64_t missed_rows = fan_out.missed_rows.data()[row];
    std::int64_t spikes = 0;
    for (std::int64_t word = 0; missed_rows != 0 && word < num_words; ++word) {
        spikes += count(word, ~std::uint64_t{0});
    }
    std::int64_t missed_columns = 0;
    for (std::int64_t digit = 0; digit < fan_out.num_planes; ++digit) {
        for (std::int64_t word = 0; word < num_words; ++word) {
            const std::uint64_t plane = fan_out.planes[digit * num_words + word];
            missed_columns += plane == 0 ? 0 : count(word, plane) << digit;
        }
    }
    return missed_rows * fan_out.most_columns * spikes +
           (fan_out.most_rows - missed_rows) * missed_columns;
}

}  // namespace

std::int64_t count_operations(const Share& share, const SampleSlot& slot) {
    const PackedProjection& projection = *share.projection;
    const FanOut& fan_out = projection.fan_out;
    const Layout& source = *projection.source_layout;
    const std::uint64_t* words = slot.words_of(projection.source);
    std::int64_t positions =
        fan_out.most_rows * fan_out.most_columns * slot.spikes_of(projection.source);
    for (std::int64_t row = 0; row < size_of(fan_out.missed_rows); ++row) {
        positions -= missed_of_row(fan_out, words + row * source.words_per_row * kMaxChunk,
                                   source.words_per_row, row, slot.chunk_size);
    }
    return positions * fan_out.per_position;
}

}  // namespace pysnn::detail
