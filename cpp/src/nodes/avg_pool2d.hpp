// The kind AvgPool2d, a node; pool_synapses.hpp has its synapses.
#pragma once

#include <pysnn/node.hpp>

#include "nodes/kind.hpp"
#include "nodes/weight_rows.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<AvgPool2d> : WithoutWeightRows {
    static constexpr const char* kType = "AvgPool2d";
    static constexpr int kSince = 1;
    static constexpr bool kHasActivation = false;
    static constexpr bool kTakesSeveral = false;
    static constexpr bool kIsNormalized = true;

    template <typename Visitor>
    static void visit_fields(Visitor& visitor) {
        visitor.setting("kernel_size", &AvgPool2d::kernel_size);
        visitor.setting("stride", &AvgPool2d::stride);
        visitor.optional_setting("padding", &AvgPool2d::padding);
        visitor.optional_setting("ceil_mode", &AvgPool2d::ceil_mode);
        visitor.optional_setting("count_include_pad", &AvgPool2d::count_include_pad);
    }

    static Shape output_shape(const AvgPool2d& pool, const Shape& input);
};

Window window_of(const AvgPool2d& pool);

}  // namespace pysnn::detail
