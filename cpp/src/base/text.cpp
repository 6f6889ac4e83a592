// Numbers and sizes as messages show them, whatever the locale.
#include "base/text.hpp"

#include <charconv>

namespace pysnn::detail {
namespace {

template <typename Number>
std::string shortest(Number number) {
    std::array<char, 32> text{};
    const std::to_chars_result end = std::to_chars(text.data(), text.data() + text.size(), number);
    return {text.data(), end.ptr};
}

}  // namespace

std::string to_text(const std::vector<std::int64_t>& shape) {
    std::string text = "(";
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        text += (axis == 0 ? "" : ", ") + std::to_string(shape[axis]);
    }
    return text + (shape.size() == 1 ? ",)" : ")");
}

std::string to_text(const std::array<std::int64_t, 2>& pair) {
    return "(" + std::to_string(pair[0]) + ", " + std::to_string(pair[1]) + ")";
}

std::string to_rounded_text(double number) {
    constexpr int kDigits = 6;
    std::array<char, 32> text{};
    const std::to_chars_result end = std::to_chars(text.data(), text.data() + text.size(), number,
                                                   std::chars_format::general, kDigits);
    return {text.data(), end.ptr};
}

std::string to_text(double number) { return shortest(number); }

std::string to_text(float number) { return shortest(number); }

}  // namespace pysnn::detail
