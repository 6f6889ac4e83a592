// Checks that several kinds, networks and the model file share.
#include "nodes/checks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/text.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {
namespace {

constexpr std::int64_t kMaxSize = std::numeric_limits<std::int32_t>::max();

template <typename Value>
void check_all_finite(const std::vector<Value>& values, const std::string& name) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) {
            throw std::invalid_argument(name + " is " + to_text(values[i]) + " at flat index " +
                                        std::to_string(i) + ", expected finite values");
        }
    }
}

}  // namespace

void check_shape(const Shape& shape, const std::string& name) {
    if (shape.size() != 1 && shape.size() != 3) {
        throw std::invalid_argument(name + " is " + to_text(shape) +
                                    ", expected (n,) or (channels, height, width)");
    }
    try {
        num_elements(shape);
    } catch (const std::invalid_argument& error) {
        throw std::invalid_argument(name + ": " + error.what());
    }
}

void check_image(const Shape& shape, const char* name) {
    if (shape.size() != 3) {
        throw std::invalid_argument(std::string(name) +
                                    " takes (channels, height, width), but its input has shape " +
                                    to_text(shape));
    }
    num_elements(shape);
}

void check_finite(const std::vector<float>& values, const std::string& name) {
    check_all_finite(values, name);
}

void check_finite(const std::vector<double>& values, const std::string& name) {
    check_all_finite(values, name);
}

void check_at_least(std::int64_t value, std::int64_t least, const std::string& name) {
    if (value < least) {
        throw std::invalid_argument(name + " is " + std::to_string(value) + ", expected at least " +
                                    std::to_string(least));
    }
}

void check_at_least(const std::array<std::int64_t, 2>& pair, std::int64_t least,
                    const std::string& name) {
    if (pair[0] < least || pair[1] < least) {
        throw std::invalid_argument(name + " is " + to_text(pair) + ", expected at least " +
                                    std::to_string(least));
    }
}

void check_window_size(const std::array<std::int64_t, 2>& pair, const std::string& name) {
    check_at_least(pair, 1, name);
    if (std::max(pair[0], pair[1]) > kMaxSize) {
        throw std::invalid_argument(name + " is " + to_text(pair) + ", expected less than 2^31");
    }
}

void check_padding(const Padding& padding, const std::string& name) {
    const auto [least, most] =
        std::minmax({padding.top, padding.bottom, padding.left, padding.right});
    if (least < 0) {
        throw std::invalid_argument(name + " is " + to_text(padding) + ", expected at least 0");
    }
    if (most > kMaxSize) {
        throw std::invalid_argument(name + " is " + to_text(padding) + ", expected less than 2^31");
    }
}

void check_size(std::size_t got, std::int64_t expected, const std::string& name) {
    if (static_cast<std::int64_t>(got) != expected) {
        throw std::invalid_argument(name + " has " + std::to_string(got) + " values, expected " +
                                    std::to_string(expected));
    }
}

void check_name(const std::string& name, const char* what) {
    if (name.empty() || name.find('/') != std::string::npos ||
        name.find('\0') != std::string::npos || name.rfind("__", 0) == 0) {
        throw std::invalid_argument(
            std::string(what) + " name '" + name +
            "' must not be empty, begin with '__', or contain '/' or a NUL");
    }
}

}  // namespace pysnn::detail
