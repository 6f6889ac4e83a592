// The kinds that join several inputs, nodes alone: Add and Concat.
#pragma once

#include <pysnn/node.hpp>
#include <vector>

#include "nodes/kind.hpp"
#include "nodes/weight_rows.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<Add> : GraphNodeTraits {
    static constexpr const char* kType = "Add";
    static constexpr bool kTakesSeveral = true;

    template <typename Visitor>
    static void visit_fields(Visitor&) {}

    static Shape output_shape(const Add&, const std::vector<Shape>& inputs);
};

template <>
struct KindTraits<Concat> : GraphNodeTraits {
    static constexpr const char* kType = "Concat";
    static constexpr bool kTakesSeveral = true;

    template <typename Visitor>
    static void visit_fields(Visitor&) {}

    static Shape output_shape(const Concat&, const std::vector<Shape>& inputs);
};

}  // namespace pysnn::detail
