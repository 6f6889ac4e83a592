// The kinds that join several inputs, nodes alone: Add and Concat.
#pragma once

#include <pysnn/node.hpp>
#include <vector>

#include "nodes/kind.hpp"
#include "nodes/weight_rows.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<Add> {
    static constexpr const char* kType = "Add";
    static constexpr int kSince = 2;
    static constexpr bool kHasActivation = false;
    static constexpr bool kTakesSeveral = true;
    static constexpr bool kIsNormalized = false;

    template <typename Visitor>
    static void visit_fields(Visitor&) {}

    template <typename MaybeConst>
    static WeightRowsOf<MaybeConst> weight_rows(MaybeConst&) {
        return {};
    }

    static Shape output_shape(const Add&, const std::vector<Shape>& inputs);
};

template <>
struct KindTraits<Concat> {
    static constexpr const char* kType = "Concat";
    static constexpr int kSince = 2;
    static constexpr bool kHasActivation = false;
    static constexpr bool kTakesSeveral = true;
    static constexpr bool kIsNormalized = false;

    template <typename Visitor>
    static void visit_fields(Visitor&) {}

    template <typename MaybeConst>
    static WeightRowsOf<MaybeConst> weight_rows(MaybeConst&) {
        return {};
    }

    static Shape output_shape(const Concat&, const std::vector<Shape>& inputs);
};

}  // namespace pysnn::detail
