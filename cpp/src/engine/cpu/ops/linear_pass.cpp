#include "engine/cpu/ops/linear_pass.hpp"

#include <algorithm>

namespace pysnn::detail {
namespace {

// Bias and baseline of a tile, with the weights that the tile is about to need: those of every
// Linear that reads the input, as only the first pass can begin with a baseline.
template <typename Weight, typename AddRows>
void set_base(const Pass& pass, const InputSpikes& input, std::int64_t lane, std::int64_t width,
              const AlignedBuffer<Weight>& bias, AddRows add_rows, AlignedBuffer<Weight>& base) {
    base.reserve(static_cast<std::size_t>(pass.plan.layout.padded()));
    std::copy_n(bias.data() + lane, width, base.data() + lane);
    for (const ProjectionPlan& projection : pass.plan.projections) {
        if (projection.source != 0 || projection.kind != ProjectionKind::Linear) {
            continue;
        }
        const LinearPlan& linear = projection.linear;
        for (std::size_t b = 0; b < linear.blocks.size(); ++b) {
            const std::vector<std::uint16_t>& rows = input.baseline(static_cast<std::int64_t>(b));
            add_rows(linear.rows(lane, width, linear.blocks[b]), width, rows.data(),
                     static_cast<std::int64_t>(rows.size()), base.data() + lane);
        }
    }
}

}  // namespace

void LinearPass::set_tile_base(const Pass& pass, SampleSlot& slot, std::int64_t lane,
                               std::int64_t width) {
    const ScaledBias& bias = pass.job.bias[pass.population];
    if (pass.uses_int16()) {
        set_base(pass, slot.input, lane, width, bias.shorts, kernels().add_rows_int16,
                 slot.base_int16[pass.population]);
    } else {
        set_base(pass, slot.input, lane, width, bias.floats, kernels().add_rows,
                 slot.base[pass.population]);
    }
}

void LinearPass::make_lists(const Pass& pass, const std::vector<SampleSlot*>& slots) {
    const std::vector<LinearBlock>& blocks = pass.projection.linear.blocks;
    if (lists_.size() < slots.size()) {
        lists_.resize(slots.size());
    }
    for (std::size_t i = 0; i < slots.size(); ++i) {
        if (lists_[i].size() < blocks.size()) {
            lists_[i].resize(blocks.size());
        }
        const SampleSlot& slot = *slots[i];
        for (std::size_t b = 0; b < blocks.size(); ++b) {
            if (pass.projection.source == 0) {
                slot.input.list(static_cast<std::int64_t>(b), lists_[i][b]);
                continue;
            }
            const std::uint64_t* words = slot.words_of(pass.projection.source);
            words_.clear();
            for (std::int64_t w = 0; w < blocks[b].num_words; ++w) {
                words_.push_back(words + (blocks[b].first_word + w) * kMaxChunk);
            }
            ListArguments arguments;
            arguments.words = words_.data();
            arguments.words_per_row = blocks[b].num_words;
            arguments.num_steps = slot.chunk_size;
            lists_[i][b].prepare(arguments, slot.spikes_of(pass.projection.source));
            kernels().words.list_rows(arguments);
        }
    }
}

void LinearPass::run(const Pass& pass, const std::vector<SampleSlot*>& slots,
                     const std::function<bool()>& must_stop) {
    const Layout& layout = pass.plan.layout;
    make_lists(pass, slots);
    const auto num_slots = static_cast<std::int64_t>(slots.size());
    carry_.reserve(static_cast<std::size_t>(num_slots * kMaxChunk * pass.plan.tile_width));
    masks_.reserve(static_cast<std::size_t>(num_slots * kMaxChunk));
    for (std::int64_t position = 0; position < layout.num_positions(); ++position) {
        for (std::int64_t channel = 0; channel < layout.lanes; channel += pass.plan.tile_width) {
            for (std::size_t b = 0; b < pass.projection.linear.blocks.size(); ++b) {
                for (std::size_t i = 0; i < slots.size(); ++i) {
                    run_block(pass, *slots[i], i, b, position, channel);
                }
            }
            if (must_stop()) {
                return;
            }
        }
    }
}

void LinearPass::run_block(const Pass& pass, SampleSlot& slot, std::size_t index,
                           std::size_t block_index, std::int64_t position, std::int64_t channel) {
    const LinearPlan& linear = pass.projection.linear;
    const LinearBlock& block = linear.blocks[block_index];
    const Layout& layout = pass.plan.layout;
    const std::int64_t lane = position * layout.lanes + channel;
    const std::int64_t width = pass.plan.width_of_tile(channel);
    const bool int16 = pass.uses_int16();
    const bool baseline = pass.uses_baseline(slot);
    const bool first = block_index == 0;
    const bool last = block_index + 1 == linear.blocks.size();
    const std::int64_t y = position / layout.width;
    const std::int64_t x = position % layout.width;

    GatherArguments arguments;
    arguments.tile = pass.tile(slot, lane, width);
    TileView& tile = arguments.tile;
    // Given spikes have a baseline of their own in each chunk.
    if (baseline && first && (slot.chunk_begin == 0 || pass.job.x == nullptr)) {
        set_tile_base(pass, slot, lane, width);
    }
    tile.base =
        baseline ? slot.base_of(pass.population, lane, int16) : pass.start(slot, lane, int16);
    const auto slot_offset = static_cast<std::int64_t>(index) * kMaxChunk;
    tile.masks =
        layout.is_aligned() ? pass.words(slot, y, x, channel) : masks_.data() + slot_offset;
    if (linear.blocks.size() > 1) {
        // Sums wait in the slot's carry where other projections use it, near the tile otherwise.
        float* carry = slot.carry.data() + lane;
        if (pass.is_first && pass.is_last) {
            carry = carry_.data() + slot_offset * pass.plan.tile_width;
            tile.carry_stride = width;
        }
        tile.carry_in = first ? tile.carry_in : carry;
        tile.carry_out = last ? tile.carry_out : carry;
    }
    steps_.use_all(slot.chunk_size);
    if (pass.may_rest() && !baseline && linear.blocks.size() == 1) {
        std::uint64_t occupied[kStepWords] = {};
        lists_[index][0].add_occupied(0, 1, occupied);
        steps_.use(occupied);
        std::fill_n(masks_.data() + slot_offset, layout.is_aligned() ? 0 : slot.chunk_size,
                    std::uint64_t{0});
    }
    tile.steps = steps_.steps();
    tile.num_steps = steps_.size();

    arguments.rows = linear.rows(lane, width, block);
    arguments.zero_row = linear.zero_row(block);
    arguments.grid = pass.plan.grid.data() + lane;
    arguments.limit = pass.limit(lane);
    lists_[index][block_index].select(0, 1, arguments);
    slot.num_spikes[pass.population] +=
        int16 ? kernels().gather_int16(arguments) : kernels().gather(arguments);
    if (pass.is_last && last && !layout.is_aligned()) {
        pass.merge(slot, y, x, tile.masks, 0);
    }
}

}  // namespace pysnn::detail
