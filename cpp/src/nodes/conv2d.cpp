// The kind Conv2d, as a node and as synapses.
#include "nodes/conv2d.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>

#include "base/text.hpp"
#include "nodes/checks.hpp"

namespace pysnn::detail {
namespace {

void check_settings(const Conv2d& conv) {
    check_at_least(conv.kernel_size, 1, "Conv2d kernel_size");
    check_at_least(conv.stride, 1, "Conv2d stride");
    check_padding(conv.padding, "Conv2d padding");
    check_window_size(conv.dilation, "Conv2d dilation");
    check_at_least(conv.groups, 1, "Conv2d groups");
}

void check_groups(const Conv2d& conv) {
    if (conv.in_channels % conv.groups != 0 || conv.out_channels % conv.groups != 0) {
        throw std::invalid_argument("Conv2d groups is " + std::to_string(conv.groups) +
                                    ", which does not divide its " +
                                    std::to_string(conv.in_channels) + " input and " +
                                    std::to_string(conv.out_channels) + " output channels");
    }
}

// The kernels run the dense form.
void check_dense_form(const Conv2d& conv) {
    const Window window = window_of(conv);
    try {
        num_elements(
            {conv.out_channels, conv.in_channels, window.y().extent(), window.x().extent()});
    } catch (const std::invalid_argument&) {
        throw std::invalid_argument("Conv2d of kernel_size " + to_text(conv.kernel_size) +
                                    " with dilation " + to_text(conv.dilation) + " and groups " +
                                    std::to_string(conv.groups) +
                                    " has more than 2^31 - 1 weights in its dense form");
    }
}

std::size_t entry_of(const Conv2d& conv, std::int64_t out, std::int64_t channel, std::int64_t y,
                     std::int64_t x) {
    return static_cast<std::size_t>(
        ((out * channels_per_group(conv) + channel) * conv.kernel_size[0] + y) *
            conv.kernel_size[1] +
        x);
}

}  // namespace

Shape KindTraits<Conv2d>::output_shape(const Conv2d& conv, const Shape& input) {
    check_settings(conv);
    check_groups(conv);
    check_sizes(conv);
    check_dense_form(conv);
    check_image(input, kType);
    if (conv.in_channels != input[0]) {
        throw std::invalid_argument("Conv2d weight takes " + std::to_string(conv.in_channels) +
                                    " channels, but its input has " + std::to_string(input[0]));
    }
    Shape output{conv.out_channels};
    for (const std::size_t axis : {0, 1}) {
        const WindowAxis window = window_of(conv).axes()[axis];
        const std::int64_t size = input[axis + 1];
        if (window.room(size) < 0) {
            throw std::invalid_argument(
                "Conv2d kernel_size " + to_text(conv.kernel_size) + " with padding " +
                to_text(conv.padding) +
                (window.dilation == 1 ? "" : " and dilation " + to_text(conv.dilation)) +
                " does not fit an input of shape " + to_text(input));
        }
        output.push_back(window.num_targets(size));
    }
    return output;
}

void KindTraits<Conv2d>::add_rows(Conv2d& conv, const RowSource&, std::int64_t channel,
                                  IncomingRows& incoming) {
    const std::int64_t size = channels_per_group(conv) * conv.kernel_size[0] * conv.kernel_size[1];
    incoming.weights.push_back({conv.weight.data() + channel * size, size});
    if (!conv.bias.empty()) {
        incoming.biases.push_back({conv.bias.data() + channel, 1});
    }
}

Window window_of(const Conv2d& conv) {
    return {conv.kernel_size[0], conv.kernel_size[1], conv.stride[0],  conv.stride[1],
            conv.padding,        conv.dilation[0],    conv.dilation[1]};
}

Conv2d dense_form(const Conv2d& conv) {
    const Window window = window_of(conv);
    Conv2d dense;
    dense.out_channels = conv.out_channels;
    dense.in_channels = conv.in_channels;
    dense.kernel_size = {window.y().extent(), window.x().extent()};
    dense.stride = conv.stride;
    dense.padding = conv.padding;
    dense.bias = conv.bias;
    dense.weight.resize(static_cast<std::size_t>(num_elements(
        {dense.out_channels, dense.in_channels, dense.kernel_size[0], dense.kernel_size[1]})));
    for (std::int64_t out = 0; out < conv.out_channels; ++out) {
        for (std::int64_t channel = 0; channel < channels_per_group(conv); ++channel) {
            for (std::int64_t y = 0; y < conv.kernel_size[0]; ++y) {
                for (std::int64_t x = 0; x < conv.kernel_size[1]; ++x) {
                    dense.weight[entry_of(dense, out, first_in_channel(conv, out) + channel,
                                          y * conv.dilation[0], x * conv.dilation[1])] =
                        conv.weight[entry_of(conv, out, channel, y, x)];
                }
            }
        }
    }
    return dense;
}

}  // namespace pysnn::detail
