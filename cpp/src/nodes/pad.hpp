// The kind Pad, a node alone.
#pragma once

#include <pysnn/node.hpp>

#include "nodes/checks.hpp"
#include "nodes/kind.hpp"
#include "nodes/weight_rows.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<Pad> : GraphNodeTraits {
    static constexpr const char* kType = "Pad";

    template <typename Visitor>
    static void visit_fields(Visitor& visitor) {
        visitor.setting("padding", &Pad::padding);
    }

    static Shape output_shape(const Pad& pad, const Shape& input) {
        check_padding(pad.padding, "Pad padding");
        check_image(input, kType);
        const Shape output{input[0], input[1] + pad.padding.top + pad.padding.bottom,
                           input[2] + pad.padding.left + pad.padding.right};
        num_elements(output);
        return output;
    }
};

}  // namespace pysnn::detail
