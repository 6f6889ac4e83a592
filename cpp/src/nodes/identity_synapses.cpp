// The synapses of shortcuts: one weight per channel, pixel to pixel.
#include "nodes/identity_synapses.hpp"

#include <limits>
#include <stdexcept>
#include <string>

#include "base/text.hpp"
#include "nodes/checks.hpp"

namespace pysnn::detail {
namespace {

void check_settings(const IdentitySynapses& identity, const Shape& source) {
    check_at_least(identity.out_channels, 0, "Identity out_channels");
    check_at_least(identity.first_channel, 0, "Identity first_channel");
    check_at_least(identity.stride, 1, "Identity stride");
    check_padding(identity.padding, "Identity padding");
    check_size(identity.weight.size(), source[0], "Identity weight");
    if (source.size() == 1 &&
        (identity.stride[0] != 1 || identity.stride[1] != 1 || identity.padding != Padding{})) {
        throw std::invalid_argument("Identity has stride " + to_text(identity.stride) +
                                    " and padding " + to_text(identity.padding) +
                                    ", but its input is a vector: expected 1 and 0");
    }
    constexpr std::int64_t kMaxChannels = std::numeric_limits<std::int32_t>::max();
    const std::int64_t end =
        identity.first_channel > kMaxChannels ? kMaxChannels : identity.first_channel + source[0];
    if (end > (identity.out_channels == 0 ? kMaxChannels : identity.out_channels)) {
        throw std::invalid_argument("Identity reaches channels " +
                                    std::to_string(identity.first_channel) + " to " +
                                    std::to_string(end - 1) + ", but out_channels is " +
                                    std::to_string(identity.out_channels));
    }
}

}  // namespace

Window window_of(const IdentitySynapses& identity) {
    return {1, 1, identity.stride[0], identity.stride[1], identity.padding};
}

Shape KindTraits<IdentitySynapses>::output_shape(const IdentitySynapses& identity,
                                                 const Shape& source) {
    check_settings(identity, source);
    Shape output = source;
    output[0] =
        identity.out_channels == 0 ? identity.first_channel + source[0] : identity.out_channels;
    for (std::size_t axis = 1; axis < source.size(); ++axis) {
        output[axis] = window_of(identity).axes()[axis - 1].num_targets(source[axis]);
    }
    num_elements(output);
    return output;
}

void KindTraits<IdentitySynapses>::add_rows(IdentitySynapses& identity, const RowSource&,
                                            std::int64_t channel, IncomingRows& incoming) {
    const std::int64_t from = channel - identity.first_channel;
    if (from >= 0 && from < detail::size_of(identity.weight)) {
        incoming.weights.push_back({identity.weight.data() + from, 1});
    }
}

}  // namespace pysnn::detail
