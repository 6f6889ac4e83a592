// The synapses of average pools.
#pragma once

#include <pysnn/synapses.hpp>

#include "nodes/avg_pool2d.hpp"
#include "nodes/kind.hpp"
#include "nodes/rows.hpp"
#include "nodes/weight_rows.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<PoolSynapses> : WithoutWeightRows {
    static constexpr const char* kType = KindTraits<AvgPool2d>::kType;
    static constexpr int kSince = 1;
    static constexpr bool kSharesGrid = true;

    template <typename Visitor>
    static void visit_fields(Visitor& visitor) {
        visitor.setting("kernel_size", &PoolSynapses::kernel_size);
        visitor.setting("stride", &PoolSynapses::stride);
        visitor.optional_setting("padding", &PoolSynapses::padding);
        visitor.optional_setting("ceil_mode", &PoolSynapses::ceil_mode);
        visitor.optional_setting("count_include_pad", &PoolSynapses::count_include_pad);
        visitor.vector("weight", &PoolSynapses::weight);
    }

    static Shape output_shape(const PoolSynapses& pool, const Shape& source);
    /// A description may have no weights: there is room for all afterwards.
    static void add_rows(PoolSynapses& pool, const RowSource& source, std::int64_t index,
                         IncomingRows& incoming);
};

Window window_of(const PoolSynapses& pool);

/// Whether all windows have one divisor, and with it all neurons of a channel the same weight.
/// Without, weights are by neuron.
bool has_one_divisor(const PoolSynapses& pool, const Shape& source);

}  // namespace pysnn::detail
