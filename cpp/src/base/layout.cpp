// Sizes of a layout.

#include "base/layout.hpp"

namespace pysnn::detail {
namespace {

std::int64_t round_up(std::int64_t value, std::int64_t multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

}  // namespace

Layout::Layout(const std::vector<std::int64_t>& shape, std::int64_t lane_multiple)
    : channels(shape.front()),
      height(shape.size() == 3 ? shape[1] : 1),
      width(shape.size() == 3 ? shape[2] : 1),
      lanes(round_up(channels, lane_multiple)),
      bit_channels(channels <= kMaskBits ? channels : round_up(channels, kMaskBits)),
      words_per_row((width * bit_channels + kMaskBits - 1) / kMaskBits) {}

}  // namespace pysnn::detail
