// The kind Affine, a node alone.
#pragma once

#include <pysnn/node.hpp>

#include "nodes/kind.hpp"
#include "nodes/weight_rows.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<Affine> : GraphNodeTraits {
    static constexpr const char* kType = "Affine";

    template <typename Visitor>
    static void visit_fields(Visitor& visitor) {
        visitor.numbers("scale", &Affine::scale);
        visitor.numbers("shift", &Affine::shift);
    }

    static Shape output_shape(const Affine& affine, const Shape& input);
};

}  // namespace pysnn::detail
