// The part of a window that lies on the image.
#pragma once

#include <cstdint>

#include "nodes/window.hpp"

namespace pysnn::detail {

/// Along one axis, for one output row or column.
struct Taps {
    std::int64_t first = 0;  // of the kernel
    std::int64_t count = 0;
    std::int64_t source = 0;  // row or column of the image under the first
};

/// Nothing where the window lies outside of the image altogether.
inline Taps taps_of(std::int64_t output, std::int64_t input_size, const WindowAxis& window) {
    const Span inside = window.taps_inside(output, input_size);
    if (inside.is_empty()) {
        return {};
    }
    return {inside.begin, inside.end - inside.begin, window.source_of(output, inside.begin)};
}

}  // namespace pysnn::detail
