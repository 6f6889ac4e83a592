// The synapses of shortcuts: one weight per channel, pixel to pixel.
#pragma once

#include <pysnn/synapses.hpp>

#include "base/array.hpp"
#include "nodes/kind.hpp"
#include "nodes/rows.hpp"
#include "nodes/weight_rows.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<IdentitySynapses> {
    static constexpr const char* kType = "Identity";
    static constexpr int kSince = 2;
    static constexpr bool kSharesGrid = true;

    template <typename Visitor>
    static void visit_fields(Visitor& visitor) {
        visitor.setting("out_channels", &IdentitySynapses::out_channels);
        visitor.setting("first_channel", &IdentitySynapses::first_channel);
        visitor.setting("stride", &IdentitySynapses::stride);
        visitor.setting("padding", &IdentitySynapses::padding);
        visitor.vector("weight", &IdentitySynapses::weight);
    }

    template <typename MaybeConst>
    static WeightRowsOf<MaybeConst> weight_rows(MaybeConst& identity) {
        return {&identity.weight, nullptr, {size_of(identity.weight), 1, 1, 1}};
    }

    static Shape output_shape(const IdentitySynapses& identity, const Shape& source);
    static void add_rows(IdentitySynapses& identity, const RowSource& source, std::int64_t channel,
                         IncomingRows& incoming);
};

/// Windows of one pixel.
Window window_of(const IdentitySynapses& identity);

}  // namespace pysnn::detail
