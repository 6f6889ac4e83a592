#pragma once

#include <cstdio>
#include <pysnn/node.hpp>
#include <string>

namespace pysnn::detail {

/// "(12, 24, 24)", as Python prints a tuple.
inline std::string to_text(const Shape& shape) {
    std::string text = "(";
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        text += (axis == 0 ? "" : ", ") + std::to_string(shape[axis]);
    }
    return text + (shape.size() == 1 ? ",)" : ")");
}

inline std::string to_text(const std::array<std::int64_t, 2>& pair) {
    return "(" + std::to_string(pair[0]) + ", " + std::to_string(pair[1]) + ")";
}

/// "1e-38": six digits, however large or small the number is.
inline std::string to_text(double number) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", number);
    return text;
}

}  // namespace pysnn::detail
