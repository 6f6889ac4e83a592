// Weights of a Linear put into tiles.

#include "engine/cpu/packing/linear.hpp"

#include <algorithm>

#include "engine/cpu/tuning.hpp"

namespace pysnn::detail {
namespace {

template <typename Weight>
void fill(const Linear& layer, const Layout& source, const PackedNeurons& target,
          const LinearWeights& weights, AlignedBuffer<Weight>& packed) {
    packed = AlignedBuffer<Weight>(weights.num_rows * target.layout.padded(), Weight{0});
    for (std::int64_t out = 0; out < layer.out_features; ++out) {
        const std::int64_t lane = target.layout.lane(out);
        const std::int64_t channel = lane % target.layout.lanes;
        const std::int64_t tile = channel / target.tile_width * target.tile_width;
        const std::int64_t width = target.width_of_tile(tile);
        const float grid = target.grid[lane];
        const float* weight = layer.weight.data() + out * layer.in_features;
        const auto fill_bit = [&](std::int64_t bit, float value) {
            const LinearBlock& block = *std::find_if(
                weights.blocks.begin(), weights.blocks.end(), [&](const LinearBlock& candidate) {
                    return bit / kMaskBits < candidate.first_word + candidate.num_words;
                });
            const std::int64_t row = bit - block.first_word * kMaskBits;
            Weight* rows = packed.data() + weights.first(lane - channel + tile, width, block);
            const auto place = [&](std::int64_t at) {
                return place_in_tile(at, channel - tile, weights.zero_row(block) + 1, width,
                                     target.pass_columns());
            };
            rows[place(row)] = static_cast<Weight>(value);
            if (weights.has_negatives) {
                rows[place(block.num_rows() + row)] = static_cast<Weight>(0.0F - value);
            }
        };
        for (std::int64_t in = 0; in < layer.in_features; ++in) {
            const float value = sizeof(Weight) == sizeof(float) ? weight[in] : weight[in] / grid;
            fill_bit(source.bit(in), value);
            if (source.is_signed) {
                fill_bit(source.bit(in) + source.sign_bits, 0.0F - value);
            }
        }
    }
}

}  // namespace

Array<LinearBlock> linear_blocks(const Layout& source) {
    const std::int64_t num_words = source.num_words();
    const std::int64_t max_words = tuning::max_rows(tuning::kMaxBlockWords, source.is_signed);
    const std::int64_t num_blocks = (num_words + max_words - 1) / max_words;
    Array<LinearBlock> blocks;
    for (std::int64_t i = 0; i < num_blocks; ++i) {
        LinearBlock block;
        block.first_word = num_words * i / num_blocks;
        block.num_words = num_words * (i + 1) / num_blocks - block.first_word;
        block.word_ids = words_of_ids(block.num_rows());
        blocks.push_back(block);
    }
    return blocks;
}

LinearWeights pack_linear(const Linear& layer, const Layout& source, const PackedNeurons& target,
                          bool has_negatives) {
    LinearWeights weights;
    weights.out_features = layer.out_features;
    weights.has_negatives = has_negatives;
    weights.blocks = linear_blocks(source);
    for (LinearBlock& block : weights.blocks) {
        block.first_row = weights.num_rows;
        weights.num_rows += weights.zero_row(block) + 1;
    }
    if (target.precision == Precision::Int16) {
        fill(layer, source, target, weights, weights.weight.shorts);
    } else {
        fill(layer, source, target, weights, weights.weight.floats);
    }
    return weights;
}

}  // namespace pysnn::detail
