// The op of convolutions: by gathering or by tables, sample by sample.
#pragma once

#include "base/array.hpp"
#include "engine/cpu/ops/convolution/gathered_convolution.hpp"
#include "engine/cpu/ops/convolution/pixel_columns.hpp"
#include "engine/cpu/ops/convolution/pixel_table_convolution.hpp"
#include "engine/cpu/ops/convolution/tabled_convolution.hpp"
#include "engine/cpu/ops/op_context.hpp"

namespace pysnn::detail {

/// Runs convolutions, with the pool fused with one.
class ConvolutionRunner {
  public:
    void run(const ConvolutionOp& op, const OpContext& context);

  private:
    PixelColumns columns_;
    GatheredConvolution gathered_;
    TabledConvolution tabled_;
    PixelTableConvolution pixel_tabled_;
    Array<SampleSlot*> to_gather_;
};

}  // namespace pysnn::detail
