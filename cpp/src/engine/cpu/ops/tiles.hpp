// What the ops have in common: tiles of neurons, the steps they run, and where their spikes go.
#pragma once

#include <cstdint>

#include "base/aligned_buffer.hpp"
#include "engine/cpu/sample_slot.hpp"
#include "engine/cpu/schedule.hpp"

namespace pysnn::detail {

/// The steps a tile runs: all of the chunk, or those that have events.
class StepList {
  public:
    StepList();

    void use_all(std::int64_t num_steps);
    void use(const std::uint64_t (&steps)[kStepWords]);
    const std::uint16_t* steps() const { return steps_; }
    std::int64_t size() const { return size_; }

  private:
    std::uint16_t all_[kMaxChunk];
    std::uint16_t some_[kMaxChunk + 64];
    const std::uint16_t* steps_ = nullptr;
    std::int64_t size_ = 0;
};

/// The tile at a lane of one sample; steps, masks and base are the caller's.
TileView tile_at(const Share& share, SampleSlot& slot, std::int64_t lane, std::int64_t width);

/// What the sums of a tile begin with: its bias, and with it the current of constant inputs. Of the
/// type of the share's weights.
const void* base_at(const Share& share, const SampleSlot& slot, std::int64_t lane);

/// As base_at(), for kernels that sum in floats whatever the weights' type is.
const float* float_base_at(const Share& share, const SampleSlot& slot, std::int64_t lane);

/// The sample's own base, of the type of the share's weights.
const void* sample_base_at(const Share& share, const SampleSlot& slot, std::int64_t lane);

/// GatherArguments::limit of the tile at a lane.
const std::int32_t* limit_at(const Share& share, std::int64_t lane);

/// Where a tile's spikes go, by step: the positive ones, and where its neurons send them the
/// negative ones (null elsewhere).
struct TileMasks {
    std::uint64_t* positive = nullptr;
    std::uint64_t* negative = nullptr;
};

/// Words of the tile at a pixel of an aligned layout.
TileMasks words_at(const Share& share, SampleSlot& slot, std::int64_t y, std::int64_t x,
                   std::int64_t channel);

/// Puts the spikes of one pixel, bits of `masks` from `shift` on, among those of its row.
void merge_pixel(const Share& share, SampleSlot& slot, std::int64_t y, std::int64_t x,
                 const TileMasks& masks, int shift);

/// Masks of pixels whose spikes do not begin words, until they are merged.
class WaitingMasks {
  public:
    /// Room for so many tiles of a share's neurons.
    void reserve(const Share& share, std::int64_t num_tiles);

    TileMasks at(std::int64_t tile) {
        std::uint64_t* masks = masks_.data() + tile * signs_ * kMaxChunk;
        return {masks, signs_ == 1 ? nullptr : masks + kMaxChunk};
    }

  private:
    AlignedBuffer<std::uint64_t> masks_;  // (tile, sign, step)
    std::int64_t signs_ = 1;
};

/// All zero, for sources outside of an image.
const std::uint64_t* silent_words();

/// Words of a row of pixels by their number; silent outside of it.
class RowWords {
  public:
    /// Args:
    ///     words: of the image; null for a row outside of it.
    RowWords(const Layout& layout, const std::uint64_t* words, std::int64_t row)
        : words_(words == nullptr ? nullptr : words + row * layout.words_per_row * kMaxChunk),
          size_(layout.words_per_row) {}

    const std::uint64_t* operator[](std::int64_t word) const {
        return words_ == nullptr || word < 0 || word >= size_ ? silent_words()
                                                              : words_ + word * kMaxChunk;
    }

  private:
    const std::uint64_t* words_;
    std::int64_t size_;
};

}  // namespace pysnn::detail
