#include "engine/cpu/input/input_spikes.hpp"

#include <algorithm>
#include <cstring>

#include "base/bits.hpp"
#include "engine/encoding.hpp"

namespace pysnn::detail {
namespace {

constexpr std::uint64_t kAlways = std::uint64_t{1} << 32;  // threshold of probability 1
constexpr std::uint64_t kLikely = std::uint64_t{1} << 31;

std::size_t block_of_word(const std::vector<LinearBlock>& blocks, std::int64_t word) {
    std::size_t block = 0;
    while (word >= blocks[block].first_word + blocks[block].num_words) {
        ++block;
    }
    return block;
}

}  // namespace

// Memory for whatever inputs may come: a stream whose inputs change allocates nothing later.
void InputSpikes::reserve(const std::vector<LinearBlock>& split, bool draws) {
    std::size_t num_groups = 0;
    blocks_.resize(split.size());
    drawn_.resize(split.size());
    always_.resize(split.size());
    for (std::size_t b = 0; b < split.size(); ++b) {
        // One more than words: what is drawn and what always spikes begin a group each.
        num_groups += static_cast<std::size_t>(split[b].num_words) + 1;
        const auto num_rows = static_cast<std::size_t>(split[b].num_rows());
        blocks_[b].baseline.reserve(num_rows);
        drawn_[b].reserve(draws ? num_rows : 0);
        always_[b].reserve(draws ? num_rows : 0);
    }
    bits_.reserve(num_groups * 64);
    ids_.reserve(num_groups * 64);
    inputs_.reserve(draws ? num_groups * 64 : 0);
    thresholds_.reserve(draws ? num_groups * 64 : 0);
    flips_.reserve(num_groups);
    groups_.reserve(num_groups);
    words_.reserve(num_groups * kMaxChunk);
}

void InputSpikes::clear(const std::vector<LinearBlock>& split) {
    for (std::size_t b = 0; b < split.size(); ++b) {
        // Everything but the baseline's memory is new.
        std::vector<std::uint16_t> baseline = std::move(blocks_[b].baseline);
        baseline.clear();
        blocks_[b] = Block{};
        blocks_[b].num_rows = split[b].num_rows();
        blocks_[b].baseline = std::move(baseline);
    }
    groups_.clear();
    inputs_.clear();
    thresholds_.clear();
    ids_.clear();
    bits_.clear();
    flips_.clear();
}

void InputSpikes::open_group(Block& block) {
    bits_.resize(bits_.size() + 64, -1);
    ids_.resize(bits_.size(), 0);
    flips_.push_back(0);
    used_ = 0;
    ++block.num_groups;
}

void InputSpikes::add_bit(Block& block, std::int64_t bit, std::int64_t row, bool is_likely) {
    if (used_ == 64) {
        open_group(block);
    }
    const std::size_t at = bits_.size() - 64 + used_;
    bits_[at] = bit;
    ids_[at] = static_cast<std::uint16_t>(is_likely ? block.num_rows + row : row);
    flips_.back() |= static_cast<std::uint64_t>(is_likely) << used_;
    ++used_;
}

void InputSpikes::set_intensities(const float* x, const Layout& layout,
                                  const std::vector<LinearBlock>& split, const Drawing& drawing) {
    reserve(split, true);
    clear(split);
    drawing_ = drawing;
    is_given_ = false;
    has_baseline_ = drawing.use_baseline;
    // Per block what may go either way, and what always spikes, as (bit, input).
    std::vector<std::vector<Candidate>>& drawn = drawn_;
    std::vector<std::vector<Candidate>>& always = always_;
    for (std::size_t b = 0; b < split.size(); ++b) {
        drawn[b].clear();
        always[b].clear();
    }
    for (std::int64_t y = 0; y < layout.height; ++y) {
        for (std::int64_t column = 0; column < layout.width; ++column) {
            for (std::int64_t c = 0; c < layout.channels; ++c) {
                const std::int64_t input = (c * layout.height + y) * layout.width + column;
                if (x[input] == 0.0F) {
                    continue;
                }
                const std::uint64_t threshold =
                    spike_threshold(x[input], drawing.probability_scale);
                const std::int64_t bit = layout.bit(input);
                if (threshold != 0) {
                    const std::size_t b = block_of_word(split, bit / kMaskBits);
                    (threshold >= kAlways ? always : drawn)[b].push_back({bit, input, threshold});
                }
            }
        }
    }
    for (std::size_t b = 0; b < split.size(); ++b) {
        add_block(split[b], blocks_[b], drawn[b], always[b], drawing.use_baseline);
    }
    for (const Block& block : blocks_) {
        for (std::size_t g = block.num_drawn; g < block.num_groups; ++g) {
            const std::size_t group = block.first_group + g;
            std::uint64_t word = 0;
            for (std::size_t i = 0; i < 64; ++i) {
                word |= static_cast<std::uint64_t>(bits_[group * 64 + i] >= 0) << i;
            }
            std::fill_n(words_.data() + group * kMaxChunk, kMaxChunk, word);
        }
    }
    point_to_groups();
}

void InputSpikes::add_block(const LinearBlock& split, Block& block,
                            const std::vector<Candidate>& drawn,
                            const std::vector<Candidate>& always, bool use_baseline) {
    block.first_group = flips_.size();
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
        inputs_.push_back(static_cast<std::uint64_t>(candidate.input));
        thresholds_.push_back(candidate.threshold);
    }
    inputs_.resize(bits_.size(), 0);
    thresholds_.resize(bits_.size(), 0);
    block.num_drawn = block.num_groups;
    used_ = 64;
    for (const Candidate& candidate : always) {
        add(candidate, false);
    }
    inputs_.resize(bits_.size(), 0);
    thresholds_.resize(bits_.size(), 0);
}

void InputSpikes::point_to_groups() {
    groups_.clear();
    for (std::size_t g = 0; g < flips_.size(); ++g) {
        groups_.push_back(words_.data() + g * kMaxChunk);
    }
}

void InputSpikes::draw(std::int64_t first_step, std::int64_t num_steps) {
    num_steps_ = num_steps;
    num_spikes_ = 0;
    for (const Block& block : blocks_) {
        for (std::size_t g = 0; g < block.num_groups; ++g) {
            const std::size_t group = block.first_group + g;
            if (g < block.num_drawn && drawing_.encoding == Encoding::Regular) {
                space_evenly(group, first_step, num_steps);
            } else if (g < block.num_drawn) {
                draw_poisson(group, first_step, num_steps);
            }
            num_spikes_ += kernels().words.count_bits(words_.data() + group * kMaxChunk, num_steps,
                                                      ~std::uint64_t{0});
        }
    }
}

void InputSpikes::draw_poisson(std::size_t group, std::int64_t first_step, std::int64_t num_steps) {
    const std::int64_t end = first_step + num_steps;
    std::uint64_t* words = words_.data() + group * kMaxChunk;
    PoissonArguments arguments;
    arguments.seed = drawing_.seed;
    arguments.sample_id = drawing_.sample_id;
    arguments.inputs = inputs_.data() + group * 64;
    arguments.thresholds = thresholds_.data() + group * 64;
    for (std::int64_t quad = first_step / 4; quad * 4 < end; ++quad) {
        std::uint64_t masks[4];
        arguments.quad = static_cast<std::uint32_t>(quad);
        kernels().poisson(arguments, masks);
        const std::int64_t from = std::max(quad * 4, first_step);
        for (std::int64_t step = from; step < std::min(quad * 4 + 4, end); ++step) {
            words[step - first_step] = masks[step % 4];
        }
    }
}

// An input's phase grows by its threshold in every step; it spikes where it passes 2^32.
void InputSpikes::space_evenly(std::size_t group, std::int64_t first_step, std::int64_t num_steps) {
    constexpr std::uint64_t kLow = 0xFFFFFFFFU;
    const std::uint64_t* thresholds = thresholds_.data() + group * 64;
    std::uint64_t phases[64];
    for (std::size_t i = 0; i < 64; ++i) {
        // Modulo 2^64 and then 2^32: what overflows is whole turns.
        phases[i] = (regular_phase(inputs_[group * 64 + i]) +
                     static_cast<std::uint64_t>(first_step) * thresholds[i]) &
                    kLow;
    }
    std::uint64_t* words = words_.data() + group * kMaxChunk;
    for (std::int64_t step = 0; step < num_steps; ++step) {
        std::uint64_t word = 0;
        for (std::size_t i = 0; i < 64; ++i) {
            const std::uint64_t phase = phases[i] + thresholds[i];
            word |= phase >> 32 << i;
            phases[i] = phase & kLow;
        }
        words[step] = word;
    }
}

void InputSpikes::set_spikes(const std::uint8_t* spikes, std::int64_t step_stride,
                             std::int64_t num_steps, const Layout& layout,
                             const std::vector<LinearBlock>& split, bool use_baseline) {
    reserve(split, false);
    clear(split);
    is_given_ = true;
    has_baseline_ = use_baseline;
    num_steps_ = num_steps;
    const auto num_words = static_cast<std::size_t>(layout.num_words());
    std::fill_n(words_.data(), num_words * kMaxChunk, std::uint64_t{0});
    const std::int64_t num_inputs = layout.num_neurons();
    for (std::int64_t step = 0; step < num_steps; ++step) {
        const std::uint8_t* values = spikes + step * step_stride;
        for (std::int64_t first = 0; first < num_inputs; first += 8) {
            const std::int64_t count = std::min<std::int64_t>(8, num_inputs - first);
            std::uint64_t eight = 0;
            std::memcpy(&eight, values + first, static_cast<std::size_t>(count));
            for (std::int64_t i = first; eight != 0 && i < first + count; ++i) {
                const std::int64_t bit = layout.bit(i);
                words_[static_cast<std::size_t>(bit / kMaskBits * kMaxChunk + step)] |=
                    static_cast<std::uint64_t>(values[i]) << (bit % kMaskBits);
            }
        }
    }
    num_spikes_ = 0;
    for (std::size_t b = 0; b < split.size(); ++b) {
        Block& block = blocks_[b];
        block.first_group = flips_.size();
        for (std::int64_t word = 0; word < split[b].num_words; ++word) {
            add_given_group(split[b], block, word, num_steps, use_baseline);
        }
        block.num_drawn = block.num_groups;
    }
    point_to_groups();
}

void InputSpikes::add_given_group(const LinearBlock& split, Block& block, std::int64_t word,
                                  std::int64_t num_steps, bool use_baseline) {
    const std::uint64_t* words = words_.data() + (split.first_word + word) * kMaxChunk;
    num_spikes_ += kernels().words.count_bits(words, num_steps, ~std::uint64_t{0});
    open_group(block);
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
    const Block& from = blocks_[static_cast<std::size_t>(block)];
    ListArguments arguments;
    // What spikes in every step is in the baseline, where there is one.
    const std::size_t num_groups = has_baseline_ ? from.num_drawn : from.num_groups;
    arguments.words = groups_.data() + from.first_group;
    arguments.words_per_row = static_cast<std::int64_t>(num_groups);
    arguments.ids = ids_.data() + from.first_group * 64;
    arguments.flips = flips_.data() + from.first_group;
    arguments.num_steps = num_steps_;
    // Deviations from a baseline are no longer bounded by the spikes.
    const auto most = static_cast<std::int64_t>(num_groups) * 64 * num_steps_;
    lists.prepare(arguments, has_baseline_ ? most : std::min(most, num_spikes_));
    kernels().words.list_ids(arguments);
}

void InputSpikes::spread(const Layout& layout, std::int64_t word_stride,
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
        spread_drawn(block, word_stride, words);
        for (std::size_t i = (block.first_group + block.num_drawn) * 64;
             i < (block.first_group + block.num_groups) * 64; ++i) {
            for (std::int64_t step = 0; bits_[i] >= 0 && step < num_steps_; ++step) {
                words[bits_[i] / kMaskBits * word_stride + step] |= std::uint64_t{1}
                                                                    << (bits_[i] % kMaskBits);
            }
        }
    }
}

// Bits of a word of the layout follow one another in the groups: one run is spread at a time.
void InputSpikes::spread_drawn(const Block& block, std::int64_t word_stride,
                               std::uint64_t* words) const {
    const std::size_t begin = block.first_group * 64;
    const std::size_t end = begin + block.num_drawn * 64;
    std::size_t at = begin;
    while (at < end && bits_[at] >= 0) {
        const std::size_t first = at;
        const std::int64_t word = bits_[at] / kMaskBits;
        std::uint64_t places = 0;
        for (; at < end && bits_[at] >= 0 && bits_[at] / kMaskBits == word; ++at) {
            places |= std::uint64_t{1} << (bits_[at] % kMaskBits);
        }
        const std::uint64_t* low = groups_[first / 64];
        const std::uint64_t* high = first / 64 + 1 < end / 64 ? groups_[first / 64 + 1] : low;
        kernels().spread_words(low, high, static_cast<int>(first % 64), places, num_steps_,
                               words + word * word_stride);
    }
}

}  // namespace pysnn::detail
