// The kind Flatten, a node alone.
#pragma once

#include <pysnn/node.hpp>

#include "nodes/kind.hpp"
#include "nodes/weight_rows.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<Flatten> : WithoutWeightRows {
    static constexpr const char* kType = "Flatten";
    static constexpr int kSince = 1;
    static constexpr bool kHasActivation = false;
    static constexpr bool kTakesSeveral = false;
    static constexpr bool kIsNormalized = true;

    template <typename Visitor>
    static void visit_fields(Visitor&) {}

    static Shape output_shape(const Flatten&, const Shape& input) { return {num_elements(input)}; }
};

}  // namespace pysnn::detail
