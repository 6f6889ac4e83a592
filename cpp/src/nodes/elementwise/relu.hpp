// The kind ReLU, a node alone.
#pragma once

#include <pysnn/node.hpp>

#include "nodes/kind.hpp"
#include "nodes/weight_rows.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<ReLU> : GraphNodeTraits {
    static constexpr const char* kType = "ReLU";

    template <typename Visitor>
    static void visit_fields(Visitor& visitor) {
        visitor.setting("max", &ReLU::max);
        visitor.setting("levels", &ReLU::levels);
    }

    static Shape output_shape(const ReLU& relu, const Shape& input);
};

}  // namespace pysnn::detail
