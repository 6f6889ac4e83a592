// The kind Affine, a node alone.
#pragma once

#include <pysnn/node.hpp>

#include "nodes/kind.hpp"
#include "nodes/weight_rows.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<Affine> {
    static constexpr const char* kType = "Affine";
    static constexpr int kSince = 2;
    static constexpr bool kHasActivation = false;
    static constexpr bool kTakesSeveral = false;
    static constexpr bool kIsNormalized = false;

    template <typename Visitor>
    static void visit_fields(Visitor& visitor) {
        visitor.numbers("scale", &Affine::scale);
        visitor.numbers("shift", &Affine::shift);
    }

    template <typename MaybeConst>
    static WeightRowsOf<MaybeConst> weight_rows(MaybeConst&) {
        return {};
    }

    static Shape output_shape(const Affine& affine, const Shape& input);
};

}  // namespace pysnn::detail
