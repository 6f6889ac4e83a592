// The kind AvgPool2d, as a node and as synapses.
#pragma once

#include <pysnn/synapses.hpp>

#include "nodes/kind.hpp"
#include "nodes/rows.hpp"
#include "nodes/weight_rows.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<AvgPool2d> {
    static constexpr const char* kType = "AvgPool2d";
    static constexpr bool kHasActivation = false;

    template <typename Visitor>
    static void visit_fields(Visitor& visitor) {
        visitor.setting("kernel_size", &AvgPool2d::kernel_size);
        visitor.setting("stride", &AvgPool2d::stride);
    }

    template <typename MaybeConst>
    static WeightRowsOf<MaybeConst> weight_rows(MaybeConst&) {
        return {};
    }

    static Shape output_shape(const AvgPool2d& pool, const Shape& input);
};

template <>
struct KindTraits<PoolSynapses> {
    static constexpr const char* kType = KindTraits<AvgPool2d>::kType;
    static constexpr bool kSharesGrid = true;

    template <typename Visitor>
    static void visit_fields(Visitor& visitor) {
        visitor.setting("kernel_size", &PoolSynapses::kernel_size);
        visitor.setting("stride", &PoolSynapses::stride);
        visitor.vector("weight", &PoolSynapses::weight);
    }

    template <typename MaybeConst>
    static WeightRowsOf<MaybeConst> weight_rows(MaybeConst&) {
        return {};
    }

    static Shape output_shape(const PoolSynapses& pool, const Shape& source);
    /// A description may have no weights: there is room for the channel's afterwards.
    static void add_rows(PoolSynapses& pool, std::int64_t channel, IncomingRows& incoming);
};

Window window_of(const AvgPool2d& pool);
Window window_of(const PoolSynapses& pool);

}  // namespace pysnn::detail
