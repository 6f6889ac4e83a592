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
///
/// Where spikes have a sign they are those of an image of two halves of channels: in each pixel,
/// the bits of positive spikes come first, those of negative ones `sign_bits` further on.
struct Layout {
    /// Args:
    ///     shape: (n) or (channels, height, width).
    ///     lane_multiple: What `lanes` is a multiple of.
    ///     is_signed: Whether negative spikes may come.
    Layout(const std::vector<std::int64_t>& shape, std::int64_t lane_multiple,
           bool is_signed = false);

    std::int64_t channels = 1;
    std::int64_t height = 1;
    std::int64_t width = 1;
    std::int64_t lanes = 1;
    bool is_signed = false;
    std::int64_t bit_channels = 1;   // of both signs: as they are up to 64, then in whole words
    std::int64_t sign_bits = 1;      // bits of a pixel's positive spikes; the negative ones follow
    std::int64_t words_per_row = 1;  // of spikes

    std::int64_t num_positions() const { return height * width; }
    std::int64_t num_neurons() const { return channels * num_positions(); }
    std::int64_t padded() const { return lanes * num_positions(); }  // size of per-neuron arrays
    std::int64_t num_words() const { return words_per_row * height; }
    /// A pixel's spikes are whole words.
    bool has_whole_words() const { return bit_channels % kMaskBits == 0; }
    /// So are its spikes of either sign.
    bool has_words_by_sign() const { return sign_bits % kMaskBits == 0; }
    /// A pixel's spikes of either sign begin at a word.
    bool is_aligned() const { return has_words_by_sign() || (width == 1 && !is_signed); }

    /// Place in per-neuron arrays of a row-major index over (C, H, W).
    std::int64_t lane(std::int64_t neuron) const {
        return neuron % num_positions() * lanes + neuron / num_positions();
    }
    /// Bit, counted from word 0, of a row-major index over (C, H, W); a negative spike's bit is
    /// `sign_bits` further on.
    std::int64_t bit(std::int64_t neuron) const {
        const std::int64_t position = neuron % num_positions();
        return position / width * words_per_row * kMaskBits + position % width * bit_channels +
               neuron / num_positions();
    }
    /// Row-major index over (C, H, W) of a bit that stands for a neuron, be its spike positive or
    /// negative.
    std::int64_t neuron_of_bit(std::int64_t bit) const {
        const std::int64_t row = bit / (words_per_row * kMaskBits);
        const std::int64_t pixel = bit_in_row(bit) / bit_channels;
        return channel_of(bit_in_row(bit) % bit_channels) * num_positions() + row * width + pixel;
    }
    /// Whether a bit stands for a negative spike.
    bool is_negative(std::int64_t bit) const { return bit_in_row(bit) % bit_channels >= sign_bits; }

    /// Channel of a pixel's bit, which may be one beyond the channels that fills up a word.
    std::int64_t channel_of(std::int64_t pixel_bit) const { return pixel_bit % sign_bits; }
    /// What a spike at a pixel's bit counts: 1, -1 or, where the bit only fills up a word, 0.
    int sign_of(std::int64_t pixel_bit) const {
        return channel_of(pixel_bit) >= channels ? 0 : pixel_bit < sign_bits ? 1 : -1;
    }

  private:
    std::int64_t bit_in_row(std::int64_t bit) const { return bit % (words_per_row * kMaskBits); }
};

}  // namespace pysnn::detail
