// The kind Linear, as a node and as synapses.
#pragma once

#include <pysnn/node.hpp>

#include "nodes/kind.hpp"
#include "nodes/rows.hpp"
#include "nodes/weight_rows.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<Linear> {
    static constexpr const char* kType = "Linear";
    static constexpr int kSince = 1;
    static constexpr bool kHasActivation = true;
    static constexpr bool kTakesSeveral = false;
    static constexpr bool kIsNormalized = true;
    static constexpr bool kSharesGrid = false;

    template <typename Visitor>
    static void visit_fields(Visitor& visitor) {
        visitor.tensor("weight", &Linear::weight,
                       {{&Linear::out_features}, {&Linear::in_features}});
        visitor.optional_tensor("bias", &Linear::bias, {{&Linear::out_features}});
    }

    template <typename MaybeConst>
    static WeightRowsOf<MaybeConst> weight_rows(MaybeConst& linear) {
        return {&linear.weight,
                &linear.bias,
                {linear.out_features, linear.in_features, linear.out_features, 0}};
    }

    static Shape output_shape(const Linear& linear, const Shape& input);
    static void add_rows(Linear& linear, const RowSource& source, std::int64_t neuron,
                         IncomingRows& incoming);
};

}  // namespace pysnn::detail
