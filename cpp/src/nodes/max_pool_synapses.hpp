// The synapses of max pools: windows without weights.
#pragma once

#include <pysnn/synapses.hpp>

#include "nodes/kind.hpp"
#include "nodes/rows.hpp"
#include "nodes/weight_rows.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<MaxPoolSynapses> : WithoutWeightRows {
    static constexpr const char* kType = "MaxPool2d";
    static constexpr int kSince = 2;
    static constexpr bool kSharesGrid = true;

    template <typename Visitor>
    static void visit_fields(Visitor& visitor) {
        visitor.setting("kernel_size", &MaxPoolSynapses::kernel_size);
        visitor.setting("stride", &MaxPoolSynapses::stride);
        visitor.setting("padding", &MaxPoolSynapses::padding);
        visitor.setting("dilation", &MaxPoolSynapses::dilation);
        visitor.setting("ceil_mode", &MaxPoolSynapses::ceil_mode);
    }

    static Shape output_shape(const MaxPoolSynapses& pool, const Shape& source);
    static void add_rows(MaxPoolSynapses&, const RowSource&, std::int64_t, IncomingRows&) {}
};

Window window_of(const MaxPoolSynapses& pool);

}  // namespace pysnn::detail
