#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/cpu/ops/pass.hpp"

namespace pysnn::detail {

/// Runs Linear projections.
///
/// Tile by tile over all samples of the block, so that a tile's weights stay in the cache for all
/// of them.
class LinearPass {
  public:
    /// Args:
    ///     must_stop: Asked between tiles; true ends the pass early.
    void run(const Pass& pass, const std::vector<SampleSlot*>& slots,
             const std::function<bool()>& must_stop);

  private:
    static void set_tile_base(const Pass& pass, SampleSlot& slot, std::int64_t lane,
                              std::int64_t width);
    void make_lists(const Pass& pass, const std::vector<SampleSlot*>& slots);
    void run_block(const Pass& pass, SampleSlot& slot, std::size_t index, std::size_t block,
                   std::int64_t position, std::int64_t channel);

    std::vector<std::vector<EventLists>> lists_;  // by slot, by block
    std::vector<const std::uint64_t*> words_;
    AlignedBuffer<float> carry_;  // (slot, step, tile)
    AlignedBuffer<std::uint64_t>
        masks_;  // (slot, step), of a tile that shares its word with others
    StepList steps_;
};

}  // namespace pysnn::detail
