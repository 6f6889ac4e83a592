// The kind BatchNorm, a node alone.
#pragma once

#include <pysnn/node.hpp>
#include <vector>

#include "nodes/kind.hpp"
#include "nodes/weight_rows.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<BatchNorm> : GraphNodeTraits {
    static constexpr const char* kType = "BatchNorm";

    template <typename Visitor>
    static void visit_fields(Visitor& visitor) {
        visitor.setting("eps", &BatchNorm::eps);
        visitor.optional_vector("weight", &BatchNorm::weight);
        visitor.optional_vector("bias", &BatchNorm::bias);
        visitor.vector("mean", &BatchNorm::mean);
        visitor.vector("variance", &BatchNorm::variance);
    }

    static Shape output_shape(const BatchNorm& norm, const Shape& input);
};

/// What a batch norm does to the values of a channel: one product and one sum.
struct ScaleAndShift {
    float scale;
    float shift;
};

/// One per channel, found in float64 and rounded once.
std::vector<ScaleAndShift> scales_and_shifts(const BatchNorm& norm);

}  // namespace pysnn::detail
