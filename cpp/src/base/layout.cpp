// Sizes of a layout.

#include "base/layout.hpp"

namespace pysnn::detail {
namespace {

std::int64_t round_up(std::int64_t value, std::int64_t multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

}  // namespace

Layout::Layout(const std::vector<std::int64_t>& shape, std::int64_t lane_multiple, bool is_signed_)
    : channels(shape.front()),
      height(shape.size() == 3 ? shape[1] : 1),
      width(shape.size() == 3 ? shape[2] : 1),
      lanes(round_up(channels, lane_multiple)),
      is_signed(is_signed_) {
    const std::int64_t signs = is_signed ? 2 : 1;
    sign_bits = signs * channels <= kMaskBits ? channels : round_up(channels, kMaskBits);
    bit_channels = signs * sign_bits;
    words_per_row = (width * bit_channels + kMaskBits - 1) / kMaskBits;
}

}  // namespace pysnn::detail
