// The kind Conv2d, as a node and as synapses.
#pragma once

#include <pysnn/node.hpp>

#include "nodes/kind.hpp"
#include "nodes/rows.hpp"
#include "nodes/weight_rows.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {

template <>
struct KindTraits<Conv2d> {
    static constexpr const char* kType = "Conv2d";
    static constexpr int kSince = 1;
    static constexpr bool kHasActivation = true;
    static constexpr bool kTakesSeveral = false;
    static constexpr bool kIsNormalized = true;
    static constexpr bool kSharesGrid = true;

    template <typename Visitor>
    static void visit_fields(Visitor& visitor) {
        visitor.setting("stride", &Conv2d::stride);
        visitor.setting("padding", &Conv2d::padding);
        visitor.setting("dilation", &Conv2d::dilation, 2);
        visitor.setting("groups", &Conv2d::groups, 2);
        visitor.tensor("weight", &Conv2d::weight,
                       {{&Conv2d::out_channels},
                        {&Conv2d::in_channels, &Conv2d::groups},
                        {&Conv2d::kernel_size, 0},
                        {&Conv2d::kernel_size, 1}});
        visitor.optional_tensor("bias", &Conv2d::bias, {{&Conv2d::out_channels}});
    }

    template <typename MaybeConst>
    static WeightRowsOf<MaybeConst> weight_rows(MaybeConst& conv) {
        const std::int64_t window = conv.kernel_size[0] * conv.kernel_size[1];
        return {&conv.weight,
                &conv.bias,
                {conv.out_channels, conv.in_channels / conv.groups * window,
                 conv.out_channels / conv.groups, window}};
    }

    static Shape output_shape(const Conv2d& conv, const Shape& input);
    static void add_rows(Conv2d& conv, const RowSource& source, std::int64_t channel,
                         IncomingRows& incoming);
};

Window window_of(const Conv2d& conv);

/// Input channels that an output channel reads.
inline std::int64_t channels_per_group(const Conv2d& conv) {
    return conv.in_channels / conv.groups;
}

/// First of the input channels that an output channel reads.
inline std::int64_t first_in_channel(const Conv2d& conv, std::int64_t out_channel) {
    return out_channel / (conv.out_channels / conv.groups) * channels_per_group(conv);
}

/// The same sums with one group and no dilation: weights of 0 stand for the synapses that are not
/// there.
Conv2d dense_form(const Conv2d& conv);

}  // namespace pysnn::detail
