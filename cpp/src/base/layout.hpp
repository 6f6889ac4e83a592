// The orders in which neurons and their spikes stand in memory.
#pragma once

#include <cstdint>
#include <vector>

namespace pysnn::detail {

/// Neurons that one spike mask covers.
inline constexpr std::int64_t kMaskBits = 64;

/// Floats are whole vectors of every instruction set.
inline constexpr std::int64_t kLaneMultiple = 16;

/// How the core keeps the neurons of a population, or the inputs.
///
/// Images are channel-last: what one spike reaches at neighbouring pixels then lies side by side. A
/// vector is an image of one pixel. There are two orders, one for numbers and one for spikes:
///
/// - Per-neuron arrays give each pixel `lanes` places, its channels rounded up to whole vectors.
/// - Spikes are bits of 64-bit words. An image row begins at a word; its pixels follow one another
///   every `bit_channels` bits, so that any window of a row is one run of bits.
struct Layout {
    /// Args:
    ///     shape: (n) or (channels, height, width).
    ///     lane_multiple: What `lanes` is a multiple of.
    Layout(const std::vector<std::int64_t>& shape, std::int64_t lane_multiple);

    std::int64_t channels = 1;
    std::int64_t height = 1;
    std::int64_t width = 1;
    std::int64_t lanes = 1;
    std::int64_t bit_channels = 1;   // as they are up to 64, then rounded up to whole words
    std::int64_t words_per_row = 1;  // of spikes

    std::int64_t num_positions() const { return height * width; }
    std::int64_t num_neurons() const { return channels * num_positions(); }
    std::int64_t padded() const { return lanes * num_positions(); }  // size of per-neuron arrays
    std::int64_t num_words() const { return words_per_row * height; }
    /// A pixel's spikes are whole words.
    bool has_whole_words() const { return bit_channels % kMaskBits == 0; }
    /// A pixel's spikes begin at a word.
    bool is_aligned() const { return has_whole_words() || width == 1; }

    /// Place in per-neuron arrays of a row-major index over (C, H, W).
    std::int64_t lane(std::int64_t neuron) const {
        return neuron % num_positions() * lanes + neuron / num_positions();
    }
    /// Bit, counted from word 0, of a row-major index over (C, H, W).
    std::int64_t bit(std::int64_t neuron) const {
        const std::int64_t position = neuron % num_positions();
        return position / width * words_per_row * kMaskBits + position % width * bit_channels +
               neuron / num_positions();
    }
    /// Row-major index over (C, H, W) of a bit that stands for a neuron.
    std::int64_t neuron_of_bit(std::int64_t bit) const {
        const std::int64_t row = bit / (words_per_row * kMaskBits);
        const std::int64_t in_row = bit % (words_per_row * kMaskBits);
        return in_row % bit_channels * num_positions() + row * width + in_row / bit_channels;
    }
};

}  // namespace pysnn::detail
