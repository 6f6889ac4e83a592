// The geometry that convolutions and pools share.
#pragma once

#include <cstdint>

namespace pysnn::detail {

/// Geometry that convolutions and pools share.
struct Window {
    std::int64_t kernel_height = 1;
    std::int64_t kernel_width = 1;
    std::int64_t stride_y = 1;
    std::int64_t stride_x = 1;
    std::int64_t padding_y = 0;
    std::int64_t padding_x = 0;

    std::int64_t num_positions() const { return kernel_height * kernel_width; }
};

}  // namespace pysnn::detail
