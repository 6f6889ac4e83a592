// Inputs sorted into bundles, and their spikes listed or written as words.

#include "engine/cpu/input/input_spikes.hpp"

#include <algorithm>
#include <cstring>

#include "base/bits.hpp"
#include "engine/cpu/input/generators.hpp"
#include "engine/encoding.hpp"

namespace pysnn::detail {
namespace {

constexpr std::uint64_t kAlways = std::uint64_t{1} << 32;  // threshold of probability 1
constexpr std::uint64_t kLikely = std::uint64_t{1} << 31;

std::int64_t block_of_word(const Array<LinearBlock>& blocks, std::int64_t word) {
    std::int64_t block = 0;
    while (word >= blocks[block].first_word + blocks[block].num_words) {
        ++block;
    }
    return block;
}

}  // namespace

// Memory for whatever inputs may come: a stream whose inputs change allocates nothing later.
void InputSpikes::reserve(const Array<LinearBlock>& split, bool draws) {
    std::int64_t num_bundles = 0;
    blocks_.resize(split.size());
    drawn_.resize(split.size());
    always_.resize(split.size());
    for (std::int64_t b = 0; b < split.size(); ++b) {
        // One more than words: what is drawn and what always spikes begin a bundle each.
        num_bundles += split[b].num_words + 1;
        const std::int64_t num_rows = split[b].num_rows();
        blocks_[b].baseline.reserve(num_rows);
        drawn_[b].reserve(draws ? num_rows : 0);
        always_[b].reserve(draws ? num_rows : 0);
    }
    bits_.reserve(num_bundles * 64);
    ids_.reserve(num_bundles * 64);
    inputs_.reserve(draws ? num_bundles * 64 : 0);
    thresholds_.reserve(draws ? num_bundles * 64 : 0);
    flips_.reserve(num_bundles);
    bundles_.reserve(num_bundles);
    words_.reserve(num_bundles * kMaxChunk);
}

void InputSpikes::clear(const Array<LinearBlock>& split) {
    for (std::int64_t b = 0; b < split.size(); ++b) {
        // Everything but the baseline's memory is new.
        Array<std::uint16_t> baseline = std::move(blocks_[b].baseline);
        baseline.clear();
        blocks_[b] = Block{};
        blocks_[b].num_rows = split[b].num_rows();
        blocks_[b].baseline = std::move(baseline);
    }
    bundles_.clear();
    inputs_.clear();
    thresholds_.clear();
    ids_.clear();
    bits_.clear();
    flips_.clear();
}

void InputSpikes::open_bundle(Block& block) {
    bits_.resize(bits_.size() + 64, -1);
    ids_.resize(bits_.size(), 0);
    flips_.push_back(0);
    used_ = 0;
    ++block.num_bundles;
}

void InputSpikes::add_bit(Block& block, std::int64_t bit, std::int64_t row, bool is_likely) {
    if (used_ == 64) {
        open_bundle(block);
    }
    const std::int64_t at = bits_.size() - 64 + used_;
    bits_[at] = bit;
    ids_[at] = static_cast<std::uint16_t>(is_likely ? block.num_rows + row : row);
    if (is_likely) {
        flips_.back() |= std::uint64_t{1} << used_;
    }
    ++used_;
}

// What one pixel's channels of one sign may do: what may go either way, and what always spikes.
void InputSpikes::sort_pixel(const double* x, std::int64_t pixel, bool is_negative,
                             const Layout& layout, const Array<LinearBlock>& split) {
    for (std::int64_t c = 0; c < layout.channels; ++c) {
        const std::int64_t input = c * layout.num_positions() + pixel;
        const double intensity = is_negative ? -x[input] : x[input];
        if (!(intensity > 0.0)) {
            continue;
        }
        const std::uint64_t threshold = spike_threshold(intensity, drawing_.probability_scale);
        const std::int64_t bit = layout.bit(input) + (is_negative ? layout.sign_bits : 0);
        if (threshold != 0) {
            const std::int64_t b = block_of_word(split, bit / kMaskBits);
            (threshold >= kAlways ? always_ : drawn_)[b].push_back(
                {bit, static_cast<std::uint64_t>(input), threshold});
        }
    }
}

void InputSpikes::set_intensities(const double* x, const Layout& layout,
                                  const Array<LinearBlock>& split, const Drawing& drawing) {
    reserve(split, true);
    clear(split);
    drawing_ = drawing;
    is_given_ = false;
    has_baseline_ = drawing.use_baseline;
    for (std::int64_t b = 0; b < split.size(); ++b) {
        drawn_[b].clear();
        always_[b].clear();
    }
    // In the order of the layout's bits.
    for (std::int64_t pixel = 0; pixel < layout.num_positions(); ++pixel) {
        sort_pixel(x, pixel, false, layout, split);
        if (layout.is_signed) {
            sort_pixel(x, pixel, true, layout, split);
        }
    }
    for (std::int64_t b = 0; b < split.size(); ++b) {
        add_block(split[b], blocks_[b], drawn_[b], always_[b], drawing.use_baseline);
    }
    for (const Block& block : blocks_) {
        for (std::int64_t g = block.num_drawn; g < block.num_bundles; ++g) {
            const std::int64_t bundle = block.first_bundle + g;
            std::uint64_t word = 0;
            for (std::int64_t i = 0; i < 64; ++i) {
                if (bits_[bundle * 64 + i] >= 0) {
                    word |= std::uint64_t{1} << i;
                }
            }
            std::fill_n(words_.data() + bundle * kMaxChunk, kMaxChunk, word);
        }
    }
    point_to_bundles();
}

void InputSpikes::add_block(const LinearBlock& split, Block& block, const Array<Candidate>& drawn,
                            const Array<Candidate>& always, bool use_baseline) {
    block.first_bundle = flips_.size();
    used_ = 64;
    const std::int64_t first_bit = split.first_word * kMaskBits;
    const auto add = [&](const Candidate& candidate, bool may_flip) {
        const bool is_likely = use_baseline && candidate.threshold > kLikely;
        const std::int64_t row = candidate.bit - first_bit;
        add_bit(block, candidate.bit, row, is_likely && may_flip);
        if (is_likely) {
            block.baseline.push_back(static_cast<std::uint16_t>(row));
        }
    };
    for (const Candidate& candidate : drawn) {
        add(candidate, true);
        inputs_.push_back(candidate.input);
        thresholds_.push_back(candidate.threshold);
    }
    inputs_.resize(bits_.size(), 0);
    thresholds_.resize(bits_.size(), 0);
    block.num_drawn = block.num_bundles;
    used_ = 64;
    for (const Candidate& candidate : always) {
        add(candidate, false);
    }
    inputs_.resize(bits_.size(), 0);
    thresholds_.resize(bits_.size(), 0);
}

void InputSpikes::point_to_bundles() {
    bundles_.clear();
    for (std::int64_t g = 0; g < flips_.size(); ++g) {
        bundles_.push_back(words_.data() + g * kMaxChunk);
    }
}

void InputSpikes::draw(std::int64_t first_step, std::int64_t num_steps) {
    num_steps_ = num_steps;
    num_spikes_ = 0;
    for (const Block& block : blocks_) {
        for (std::int64_t b = 0; b < block.num_bundles; ++b) {
            const std::int64_t bundle = block.first_bundle + b;
            std::uint64_t* words = words_.data() + bundle * kMaxChunk;
            if (b < block.num_drawn) {
                draw_bundle(bundle, first_step, words);
            }
            num_spikes_ += kernels().words.count_bits(words, num_steps, ~std::uint64_t{0});
        }
    }
}

void InputSpikes::draw_bundle(std::int64_t bundle, std::int64_t first_step,
                              std::uint64_t* words) const {
    const InputBundle inputs{inputs_.data() + bundle * kMaskBits,
                             thresholds_.data() + bundle * kMaskBits};
    if (drawing_.encoding == Encoding::Regular) {
        space_evenly(inputs, first_step, num_steps_, words);
    } else {
        draw_poisson(inputs, drawing_.seed, drawing_.sample_id, first_step, num_steps_, words);
    }
}

void InputSpikes::set_spikes(const std::int8_t* spikes, std::int64_t step_stride,
                             std::int64_t num_steps, const Layout& layout,
                             const Array<LinearBlock>& split, bool use_baseline) {
    reserve(split, false);
    clear(split);
    is_given_ = true;
    has_baseline_ = use_baseline;
    num_steps_ = num_steps;
    const std::int64_t num_words = layout.num_words();
    std::fill_n(words_.data(), num_words * kMaxChunk, std::uint64_t{0});
    const std::int64_t num_inputs = layout.num_neurons();
    for (std::int64_t step = 0; step < num_steps; ++step) {
        const std::int8_t* values = spikes + step * step_stride;
        for (std::int64_t first = 0; first < num_inputs; first += 8) {
            const std::int64_t count = std::min<std::int64_t>(8, num_inputs - first);
            std::uint64_t eight = 0;
            std::memcpy(&eight, values + first, count);
            for (std::int64_t i = first; eight != 0 && i < first + count; ++i) {
                const std::int64_t bit = layout.bit(i) + (values[i] < 0 ? layout.sign_bits : 0);
                words_[bit / kMaskBits * kMaxChunk + step] |=
                    static_cast<std::uint64_t>(values[i] & 1) << (bit % kMaskBits);
            }
        }
    }
    num_spikes_ = 0;
    for (std::int64_t b = 0; b < split.size(); ++b) {
        Block& block = blocks_[b];
        block.first_bundle = flips_.size();
        for (std::int64_t word = 0; word < split[b].num_words; ++word) {
            add_given_bundle(split[b], block, word, num_steps, use_baseline);
        }
        block.num_drawn = block.num_bundles;
    }
    point_to_bundles();
}

void InputSpikes::add_given_bundle(const LinearBlock& split, Block& block, std::int64_t word,
                                   std::int64_t num_steps, bool use_baseline) {
    const std::uint64_t* words = words_.data() + (split.first_word + word) * kMaxChunk;
    num_spikes_ += kernels().words.count_bits(words, num_steps, ~std::uint64_t{0});
    open_bundle(block);
    used_ = 0;
    for (std::int64_t i = 0; i < kMaskBits; ++i) {
        bool is_likely = false;
        if (use_baseline) {
            std::int64_t count = 0;
            for (std::int64_t step = 0; step < num_steps; ++step) {
                count += static_cast<std::int64_t>(words[step] >> i & 1U);
            }
            is_likely = 2 * count > num_steps;
        }
        const std::int64_t row = word * kMaskBits + i;
        add_bit(block, split.first_word * kMaskBits + row, row, is_likely);
        if (is_likely) {
            block.baseline.push_back(static_cast<std::uint16_t>(row));
        }
    }
}

void InputSpikes::list(std::int64_t block, EventLists& lists) const {
    const Block& from = blocks_[block];
    ListArguments arguments;
    // What spikes in every step is in the baseline, where there is one.
    const std::int64_t num_bundles = has_baseline_ ? from.num_drawn : from.num_bundles;
    arguments.words = bundles_.data() + from.first_bundle;
    arguments.words_per_row = num_bundles;
    arguments.ids = ids_.data() + from.first_bundle * 64;
    arguments.flips = flips_.data() + from.first_bundle;
    arguments.num_steps = num_steps_;
    // Deviations from a baseline are no longer bounded by the spikes.
    const std::int64_t most = num_bundles * 64 * num_steps_;
    lists.prepare(arguments, has_baseline_ ? most : std::min(most, num_spikes_));
    kernels().words.list_ids(arguments);
}

void InputSpikes::write_words(const Layout& layout, std::int64_t word_stride,
                              std::uint64_t* words) const {
    for (std::int64_t word = 0; word < layout.num_words(); ++word) {
        std::uint64_t* out = words + word * word_stride;
        if (is_given_) {
            std::copy_n(words_.data() + word * kMaxChunk, num_steps_, out);
        } else {
            std::fill_n(out, num_steps_, std::uint64_t{0});
        }
    }
    if (is_given_) {
        return;
    }
    for (const Block& block : blocks_) {
        write_drawn_words(block, word_stride, words);
        for (std::int64_t i = (block.first_bundle + block.num_drawn) * 64;
             i < (block.first_bundle + block.num_bundles) * 64; ++i) {
            for (std::int64_t step = 0; bits_[i] >= 0 && step < num_steps_; ++step) {
                words[bits_[i] / kMaskBits * word_stride + step] |= std::uint64_t{1}
                                                                    << (bits_[i] % kMaskBits);
            }
        }
    }
}

// Bits of a word of the layout follow one another in the bundles: one run is spread at a time.
void InputSpikes::write_drawn_words(const Block& block, std::int64_t word_stride,
                                    std::uint64_t* words) const {
    const std::int64_t begin = block.first_bundle * 64;
    const std::int64_t end = begin + block.num_drawn * 64;
    std::int64_t at = begin;
    while (at < end && bits_[at] >= 0) {
        const std::int64_t first = at;
        const std::int64_t word = bits_[at] / kMaskBits;
        std::uint64_t places = 0;
        for (; at < end && bits_[at] >= 0 && bits_[at] / kMaskBits == word; ++at) {
            places |= std::uint64_t{1} << (bits_[at] % kMaskBits);
        }
        const std::uint64_t* low = bundles_[first / 64];
        const std::uint64_t* high = first / 64 + 1 < end / 64 ? bundles_[first / 64 + 1] : low;
        kernels().spread_words(low, high, static_cast<int>(first % 64), places, num_steps_,
                               words + word * word_stride);
    }
}

}  // namespace pysnn::detail
