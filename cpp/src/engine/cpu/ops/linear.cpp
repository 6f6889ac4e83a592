// Sums of a Linear's weight rows, and the baselines that they may begin with.

#include "engine/cpu/ops/linear.hpp"

#include <algorithm>

namespace pysnn::detail {
namespace {

// Bias and baseline of a tile, with the weights that the tile is about to need: those of every
// Linear that reads the input, as only the first share can begin with a baseline.
template <typename Weight, typename AddRows>
void set_base(const Share& share, const InputSpikes& input, std::int64_t lane, std::int64_t width,
              const AlignedBuffer<Weight>& bias, AddRows add_rows, AlignedBuffer<Weight>& base) {
    base.reserve(share.packed->layout.padded());
    std::copy_n(bias.data() + lane, width, base.data() + lane);
    for (const PackedProjection& projection : share.packed->projections) {
        const auto* linear = std::get_if<LinearWeights>(&projection.weights);
        if (!projection.reads_input() || linear == nullptr) {
            continue;
        }
        for (std::int64_t b = 0; b < linear->blocks.size(); ++b) {
            const Array<std::uint16_t>& rows = input.baseline(b);
            add_rows(linear->rows(lane, width, linear->blocks[b]), width, rows.data(), rows.size(),
                     base.data() + lane);
        }
    }
}

void set_tile_base(const Share& share, SampleSlot& slot, std::int64_t lane, std::int64_t width) {
    PopulationSlot& population = slot.populations[share.population];
    if (share.uses_int16) {
        set_base(share, slot.input, lane, width, share.bias->shorts, kernels().add_rows_int16,
                 population.base_int16);
    } else {
        set_base(share, slot.input, lane, width, share.bias->floats, kernels().add_rows,
                 population.base);
    }
}

}  // namespace

void LinearRunner::make_lists(const Share& share, const Array<SampleSlot*>& slots) {
    const Array<LinearBlock>& blocks = std::get<LinearWeights>(share.projection->weights).blocks;
    if (lists_.size() < slots.size()) {
        lists_.resize(slots.size());
    }
    for (std::int64_t i = 0; i < slots.size(); ++i) {
        if (lists_[i].size() < blocks.size()) {
            lists_[i].resize(blocks.size());
        }
        const SampleSlot& slot = *slots[i];
        for (std::int64_t b = 0; b < blocks.size(); ++b) {
            if (share.projection->reads_input()) {
                slot.input.list(b, lists_[i][b]);
                continue;
            }
            const std::uint64_t* words = slot.words_of(share.projection->source);
            words_.clear();
            for (std::int64_t w = 0; w < blocks[b].num_words; ++w) {
                words_.push_back(words + (blocks[b].first_word + w) * kMaxChunk);
            }
            ListArguments arguments;
            arguments.words = words_.data();
            arguments.words_per_row = blocks[b].num_words;
            arguments.word_ids = blocks[b].word_ids.data();
            arguments.num_steps = slot.chunk_size;
            lists_[i][b].prepare(arguments, slot.spikes_of(share.projection->source));
            kernels().words.list_rows(arguments);
        }
    }
}

void LinearRunner::run(const LinearOp& op, const OpContext& context) {
    const PackedPopulation& packed = *op.share.packed;
    const Layout& layout = packed.layout;
    const Array<SampleSlot*>& slots = context.slots;
    make_lists(op.share, slots);
    carry_.reserve(slots.size() * kMaxChunk * packed.tile_width);
    masks_.reserve(op.share, slots.size());
    const std::int64_t num_blocks =
        std::get<LinearWeights>(op.share.projection->weights).blocks.size();
    for (std::int64_t position = 0; position < layout.num_positions(); ++position) {
        for (std::int64_t channel = 0; channel < layout.lanes; channel += packed.tile_width) {
            for (std::int64_t b = 0; b < num_blocks; ++b) {
                for (std::int64_t i = 0; i < slots.size(); ++i) {
                    run_tile(op, *slots[i], {i, b, position, channel});
                }
            }
            if (context.must_stop()) {
                return;
            }
        }
    }
}

void LinearRunner::run_tile(const LinearOp& op, SampleSlot& slot, const Place& place) {
    const Share& share = op.share;
    const auto& linear = std::get<LinearWeights>(share.projection->weights);
    const LinearBlock& block = linear.blocks[place.block];
    const EventLists& lists = lists_[place.slot][place.block];
    const Layout& layout = share.packed->layout;
    const std::int64_t lane = place.position * layout.lanes + place.channel;
    const std::int64_t width = share.packed->width_of_tile(place.channel);
    const bool baseline = op.may_use_baseline && slot.input.has_baseline();
    const bool first = place.block == 0;
    const bool last = place.block + 1 == linear.blocks.size();
    const std::int64_t y = place.position / layout.width;
    const std::int64_t x = place.position % layout.width;

    GatherArguments arguments;
    arguments.tile = tile_at(share, slot, lane, width);
    TileView& tile = arguments.tile;
    if (baseline && first && (slot.chunk_begin == 0 || op.rebuilds_baseline)) {
        set_tile_base(share, slot, lane, width);
    }
    tile.base = baseline ? sample_base_at(share, slot, lane) : base_at(share, slot, lane);
    const TileMasks masks =
        layout.is_aligned() ? words_at(share, slot, y, x, place.channel) : masks_.at(place.slot);
    tile.masks = masks.positive;
    tile.negative_masks = masks.negative;
    if (linear.blocks.size() > 1) {
        // Sums wait in the slot's carry where other projections use it, near the tile otherwise.
        float* carry = slot.carry.data() + lane;
        if (share.is_first && share.is_last) {
            carry = carry_.data() + place.slot * kMaxChunk * share.packed->tile_width;
            tile.carry_stride = width;
        }
        tile.carry_in = first ? tile.carry_in : carry;
        tile.carry_out = last ? tile.carry_out : carry;
    }
    steps_.use_all(slot.chunk_size);
    if (share.may_rest && !baseline && linear.blocks.size() == 1) {
        std::uint64_t occupied[kStepWords] = {};
        lists.add_occupied(0, 1, occupied);
        steps_.use(occupied);
        std::fill_n(masks.positive, layout.is_aligned() ? 0 : slot.chunk_size, std::uint64_t{0});
    }
    tile.steps = steps_.steps();
    tile.num_steps = steps_.size();

    arguments.rows = linear.rows(lane, width, block);
    arguments.zero_row = linear.zero_row(block);
    arguments.grid = share.packed->grid.data() + lane;
    arguments.limit = limit_at(share, lane);
    lists.select(0, 1, arguments);
    slot.populations[share.population].num_spikes +=
        share.uses_int16 ? kernels().gather_int16(arguments) : kernels().gather(arguments);
    if (share.is_last && last && !layout.is_aligned()) {
        merge_pixel(share, slot, y, x, masks, 0);
    }
}

}  // namespace pysnn::detail
