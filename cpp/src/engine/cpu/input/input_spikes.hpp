// The spikes of a sample's inputs, drawn or given.
#pragma once

#include <cstdint>
#include <pysnn/input.hpp>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "base/layout.hpp"
#include "engine/cpu/input/event_lists.hpp"
#include "engine/cpu/packing/linear.hpp"

namespace pysnn::detail {

/// How a sample's spikes come from its intensities.
struct Drawing {
    Encoding encoding = Encoding::Poisson;  // Poisson or Regular
    double probability_scale = 1.0;         // max_rate * dt
    std::uint64_t seed = 0;
    std::uint64_t sample_id = 0;
    bool use_baseline = false;  // whether to count likely inputs as firing
};

/// Spikes of one sample's inputs over a chunk of steps, drawn or given.
///
/// Inputs that may spike at all are kept in bundles of 64 bits, block by block as a Linear's
/// weights are; a bundle's inputs are ascending. An input that is likelier to spike than not may be
/// counted as firing in every step: its lists then hold its silences.
class InputSpikes {
  public:
    /// Args:
    ///     x: (num_inputs) in the order of the API, each in [0, 1], or in [-1, 1] where the layout
    ///     has spikes of both signs.
    ///     split: linear_blocks(layout).
    void set_intensities(const double* x, const Layout& layout, const Array<LinearBlock>& split,
                         const Drawing& drawing);

    /// Draws steps [first_step, first_step + num_steps); num_steps is at most kMaxChunk.
    void draw(std::int64_t first_step, std::int64_t num_steps);

    /// Takes given spikes instead.
    ///
    /// Args:
    ///     spikes: The sample's inputs in the chunk's first step, in the order of the API.
    ///     step_stride: Distance to the next step.
    void set_spikes(const std::int8_t* spikes, std::int64_t step_stride, std::int64_t num_steps,
                    const Layout& layout, const Array<LinearBlock>& split, bool use_baseline);

    /// Spikes of the chunk.
    std::int64_t num_spikes() const { return num_spikes_; }

    /// Makes the events of a block of inputs. Those that are counted as firing are baseline();
    /// their events are numbered from the block's number of rows on.
    void list(std::int64_t block, EventLists& lists) const;
    const Array<std::uint16_t>& baseline(std::int64_t block) const {
        return blocks_[block].baseline;
    }
    bool has_baseline() const { return has_baseline_; }

    /// Writes the spikes by word of the layout, each over all steps.
    void write_words(const Layout& layout, std::int64_t word_stride, std::uint64_t* words) const;

  private:
    struct Block {
        std::int64_t first_bundle = 0;
        std::int64_t num_bundles = 0;
        std::int64_t num_drawn = 0;  // bundles at the front; the others spike in every step
        std::int64_t num_rows = 0;
        Array<std::uint16_t> baseline;
    };
    struct Candidate {
        std::int64_t bit = 0;
        std::uint64_t input = 0;
        std::uint64_t threshold = 0;
    };

    void sort_pixel(const double* x, std::int64_t pixel, bool is_negative, const Layout& layout,
                    const Array<LinearBlock>& split);
    void reserve(const Array<LinearBlock>& split, bool draws);
    void clear(const Array<LinearBlock>& split);
    void open_bundle(Block& block);
    void add_bit(Block& block, std::int64_t bit, std::int64_t row, bool is_likely);
    void add_block(const LinearBlock& split, Block& block, const Array<Candidate>& drawn,
                   const Array<Candidate>& always, bool use_baseline);
    void add_given_bundle(const LinearBlock& split, Block& block, std::int64_t word,
                          std::int64_t num_steps, bool use_baseline);
    void point_to_bundles();
    void draw_bundle(std::int64_t bundle, std::int64_t first_step, std::uint64_t* words) const;
    void write_drawn_words(const Block& block, std::int64_t word_stride,
                           std::uint64_t* words) const;

    Array<Block> blocks_;
    Array<std::uint64_t> inputs_;         // (bundle, 64) counter words
    Array<std::uint64_t> thresholds_;     // (bundle, 64), 0 where padded: never a spike
    Array<std::uint16_t> ids_;            // (bundle, 64) events
    Array<std::int64_t> bits_;            // (bundle, 64) of the layout, -1 where padded
    Array<std::uint64_t> flips_;          // (bundle): inputs counted as firing
    AlignedBuffer<std::uint64_t> words_;  // (bundle, kMaxChunk)
    Array<const std::uint64_t*> bundles_;
    Array<Array<Candidate>> drawn_;  // by block, of the sample that is being set
    Array<Array<Candidate>> always_;
    std::int64_t used_ = 0;  // bits of the last bundle
    std::int64_t num_steps_ = 0;
    std::int64_t num_spikes_ = 0;
    Drawing drawing_;
    bool is_given_ = false;
    bool has_baseline_ = false;
};

}  // namespace pysnn::detail
