// Populations whose current is the same in every step.
#pragma once

#include "engine/cpu/ops/op_context.hpp"
#include "engine/cpu/ops/position_masks.hpp"

namespace pysnn::detail {

/// Takes the current of constant inputs into membranes, tile by tile.
class ConstantRunner {
  public:
    void run(const ConstantOp& op, const OpContext& context);

  private:
    void run_sample(const Share& share, SampleSlot& slot);
    void run_tile(const Share& share, SampleSlot& slot, const WindowPlace& place,
                  std::int64_t count);

    PositionMasks masks_;
    StepList steps_;
};

}  // namespace pysnn::detail
