// The kind Flatten, a node alone.
#pragma once

#include <pysnn/node.hpp>

#include "nodes/kind.hpp"
#include "nodes/weight_rows.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<Flatten> {
    static constexpr const char* kType = "Flatten";
    static constexpr int kSince = 1;
    static constexpr bool kHasActivation = false;
    static constexpr bool kTakesSeveral = false;
    static constexpr bool kIsNormalized = true;

    template <typename Visitor>
    static void visit_fields(Visitor&) {}

    template <typename MaybeConst>
    static WeightRowsOf<MaybeConst> weight_rows(MaybeConst&) {
        return {};
    }

    static Shape output_shape(const Flatten&, const Shape& input) { return {num_elements(input)}; }
};

}  // namespace pysnn::detail
