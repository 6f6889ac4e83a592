// The kind MaxPool2d, a node alone.
#pragma once

#include <pysnn/node.hpp>

#include "nodes/kind.hpp"
#include "nodes/weight_rows.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<MaxPool2d> : GraphNodeTraits {
    static constexpr const char* kType = "MaxPool2d";

    template <typename Visitor>
    static void visit_fields(Visitor& visitor) {
        visitor.setting("kernel_size", &MaxPool2d::kernel_size);
        visitor.setting("stride", &MaxPool2d::stride);
        visitor.setting("padding", &MaxPool2d::padding);
        visitor.setting("dilation", &MaxPool2d::dilation);
        visitor.setting("ceil_mode", &MaxPool2d::ceil_mode);
    }

    static Shape output_shape(const MaxPool2d& pool, const Shape& input);
};

Window window_of(const MaxPool2d& pool);

}  // namespace pysnn::detail
