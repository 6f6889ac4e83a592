// The weights of a node by rows, and the scales of what they meet.

#include "network/weight_rows.hpp"

#include "base/array.hpp"
#include "base/overloaded.hpp"

namespace pysnn::detail {

WeightRows rows_of(const Node& node) {
    return std::visit(Overloaded{
                          [](const Linear& linear) {
                              return WeightRows{&linear.weight,      &linear.bias,
                                                linear.out_features, linear.in_features,
                                                linear.out_features, 0};
                          },
                          [](const Conv2d& conv) {
                              const std::int64_t window = conv.kernel_size[0] * conv.kernel_size[1];
                              return WeightRows{&conv.weight,
                                                &conv.bias,
                                                conv.out_channels,
                                                conv.in_channels / conv.groups * window,
                                                conv.out_channels / conv.groups,
                                                window};
                          },
                          [](const AvgPool2d&) { return WeightRows{}; },
                          [](const Flatten&) { return WeightRows{}; },
                      },
                      node);
}

SourceScales::SourceScales(const WeightRows& rows, const std::vector<double>& scales)
    : scales_(scales), count_of_group_(rows.count_of_group) {
    const auto num_scales = detail::size_of(scales);
    size_of_channel_ = rows.size_of_channel == 0 ? rows.size / num_scales : rows.size_of_channel;
    channels_of_row_ = rows.size / size_of_channel_;
}

}  // namespace pysnn::detail
