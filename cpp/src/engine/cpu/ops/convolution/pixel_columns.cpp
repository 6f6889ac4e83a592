// Columns merged, or pooled.

#include "engine/cpu/ops/convolution/pixel_columns.hpp"

#include <algorithm>

namespace pysnn::detail {
namespace {

const PoolWeights& weights_of(const FusedPool& pool) {
    return std::get<PoolWeights>(pool.share.projection->weights);
}

}  // namespace

void PixelColumns::begin(const ConvolutionOp& op, std::int64_t num_slots) {
    op_ = &op;
    num_columns_ = 1;
    if (op.pool) {
        const Window& window = weights_of(*op.pool).window;
        num_columns_ += window.kernel_width;
        // Whichever way the next sample takes, it allocates nothing.
        pool_.reserve(op.pool->share);
        window_.reserve(window.num_positions());
        pool_masks_.reserve(kMaxChunk);
    }
    masks_.reserve(op.share, num_slots * num_columns_ * op.share.packed->layout.height);
}

TileMasks PixelColumns::masks(std::int64_t slot, std::int64_t column, std::int64_t y) {
    const std::int64_t waiting = slot * num_columns_ + column % num_columns_;
    return masks_.at(waiting * op_->share.packed->layout.height + y);
}

std::int64_t PixelColumns::row_stride() const {
    return (op_->share.packed->layout.is_signed ? 2 : 1) * kMaxChunk;
}

void PixelColumns::finish(SampleSlot& slot, std::int64_t slot_index, std::int64_t x,
                          std::int64_t columns, std::int64_t columns_per_mask) {
    const Share& share = op_->share;
    const Layout& layout = share.packed->layout;
    if (!share.is_last || layout.has_words_by_sign()) {
        return;
    }
    for (std::int64_t column = x; column < x + columns; ++column) {
        if (op_->pool) {
            const std::int64_t width = weights_of(*op_->pool).window.kernel_width;
            if ((column + 1) % width == 0) {
                pool_column(slot, slot_index, column / width, columns_per_mask);
            }
            continue;
        }
        for (std::int64_t y = 0; y < layout.height; ++y) {
            merge_pixel(share, slot, y, column, masks(slot_index, column / columns_per_mask, y),
                        shift_of(column, columns_per_mask));
        }
    }
}

void PixelColumns::pool_column(SampleSlot& slot, std::int64_t slot_index, std::int64_t pool_x,
                               std::int64_t columns_per_mask) {
    const Share& share = op_->pool->share;
    const Window& window = weights_of(*op_->pool).window;
    for (std::int64_t pool_y = 0; pool_y < share.packed->layout.height; ++pool_y) {
        window_.clear();
        for (std::int64_t i = 0; i < window.kernel_height; ++i) {
            for (std::int64_t j = 0; j < window.kernel_width; ++j) {
                const std::int64_t x = pool_x * window.kernel_width + j;
                const std::int64_t y = pool_y * window.stride_y + i;
                window_.push_back({masks(slot_index, x / columns_per_mask, y).positive,
                                   shift_of(x, columns_per_mask)});
            }
        }
        pool_.run_tile(share, slot, {pool_y, pool_x, 0}, {window_, window_.size()});
    }
}

void PixelColumns::run_pooled_table(SampleSlot& slot, std::int64_t y, std::int64_t x,
                                    TableArguments& arguments) {
    const Share& share = op_->pool->share;
    const Layout& layout = share.packed->layout;
    const std::int64_t lane = (y / 2 * layout.width + x / 2) * layout.lanes;
    std::fill_n(pool_masks_.data(), slot.chunk_size, std::uint64_t{0});
    PooledTile pool;
    pool.tile = tile_at(share, slot, lane, layout.lanes);
    pool.tile.base = float_base_at(share, slot, lane);
    pool.tile.masks = pool_masks_.data();
    pool.weight = weights_of(*op_->pool).weight.data();
    arguments.pool = &pool;
    slot.populations[op_->share.population].num_spikes += kernels().table(arguments);
    slot.populations[share.population].num_spikes += pool.num_spikes;
    merge_pixel(share, slot, y / 2, x / 2, {pool_masks_.data()}, 0);
}

}  // namespace pysnn::detail
