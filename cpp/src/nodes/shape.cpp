#include <algorithm>
#include <cmath>
#include <limits>
#include <pysnn/node.hpp>
#include <pysnn/synapses.hpp>
#include <stdexcept>
#include <string>

#include "base/overloaded.hpp"
#include "base/text.hpp"
#include "nodes/checks.hpp"

namespace pysnn {
namespace {

using detail::to_text;

constexpr std::int64_t kMaxElements = std::numeric_limits<std::int32_t>::max();

void check_size(std::size_t got, std::int64_t expected, const char* name) {
    if (static_cast<std::int64_t>(got) != expected) {
        throw std::invalid_argument(std::string(name) + " has " + std::to_string(got) +
                                    " values, expected " + std::to_string(expected));
    }
}

void check_at_least(const std::array<std::int64_t, 2>& pair, std::int64_t least, const char* name) {
    if (pair[0] < least || pair[1] < least) {
        throw std::invalid_argument(std::string(name) + " is " + to_text(pair) +
                                    ", expected at least " + std::to_string(least));
    }
}

void check_image(const Shape& shape, const char* layer) {
    if (shape.size() != 3) {
        throw std::invalid_argument(std::string(layer) +
                                    " takes (channels, height, width), but its input has shape " +
                                    to_text(shape));
    }
}

Shape linear_shape(const Linear& layer, const Shape& input) {
    num_elements({layer.out_features, layer.in_features});
    check_size(layer.weight.size(), layer.out_features * layer.in_features, "Linear weight");
    if (!layer.bias.empty()) {
        check_size(layer.bias.size(), layer.out_features, "Linear bias");
    }
    const std::int64_t num_inputs = num_elements(input);
    if (layer.in_features != num_inputs) {
        throw std::invalid_argument("Linear weight has " + std::to_string(layer.in_features) +
                                    " columns, but its input has " + std::to_string(num_inputs) +
                                    " values (shape " + to_text(input) + ")");
    }
    return {layer.out_features};
}

Shape conv_shape(const Conv2d& layer, const Shape& input) {
    check_at_least(layer.kernel_size, 1, "Conv2d kernel_size");
    check_at_least(layer.stride, 1, "Conv2d stride");
    check_at_least(layer.padding, 0, "Conv2d padding");
    if (std::max(layer.padding[0], layer.padding[1]) > kMaxElements) {
        throw std::invalid_argument("Conv2d padding is " + to_text(layer.padding) +
                                    ", expected less than 2^31");
    }
    check_size(layer.weight.size(),
               num_elements({layer.out_channels, layer.in_channels, layer.kernel_size[0],
                             layer.kernel_size[1]}),
               "Conv2d weight");
    if (!layer.bias.empty()) {
        check_size(layer.bias.size(), layer.out_channels, "Conv2d bias");
    }
    check_image(input, "Conv2d");
    num_elements(input);
    if (layer.in_channels != input[0]) {
        throw std::invalid_argument("Conv2d weight takes " + std::to_string(layer.in_channels) +
                                    " channels, but its input has " + std::to_string(input[0]));
    }
    Shape output{layer.out_channels, 0, 0};
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const std::int64_t room =
            input[axis + 1] + 2 * layer.padding[axis] - layer.kernel_size[axis];
        if (room < 0) {
            throw std::invalid_argument("Conv2d kernel_size " + to_text(layer.kernel_size) +
                                        " with padding " + to_text(layer.padding) +
                                        " does not fit an input of shape " + to_text(input));
        }
        output[axis + 1] = room / layer.stride[axis] + 1;
    }
    return output;
}

// Of an AvgPool2d and of PoolSynapses, which are windows over the image, too.
template <typename Pool>
Shape pool_shape(const Pool& layer, const Shape& input) {
    check_at_least(layer.kernel_size, 1, "AvgPool2d kernel_size");
    check_at_least(layer.stride, 1, "AvgPool2d stride");
    check_image(input, "AvgPool2d");
    num_elements(input);
    Shape output{input[0], 0, 0};
    for (std::size_t axis = 0; axis < 2; ++axis) {
        const std::int64_t room = input[axis + 1] - layer.kernel_size[axis];
        if (room < 0 || room % layer.stride[axis] != 0) {
            throw std::invalid_argument("AvgPool2d windows of " + to_text(layer.kernel_size) +
                                        " with stride " + to_text(layer.stride) +
                                        " do not tile an input of shape " + to_text(input));
        }
        output[axis + 1] = room / layer.stride[axis] + 1;
    }
    return output;
}

Shape pool_synapses_shape(const PoolSynapses& synapses, const Shape& input) {
    Shape output = pool_shape(synapses, input);
    if (!synapses.weight.empty()) {
        check_size(synapses.weight.size(), input[0], "AvgPool2d weight");
    }
    return output;
}

}  // namespace

std::int64_t num_elements(const Shape& shape) {
    std::int64_t product = 1;
    for (const std::int64_t size : shape) {
        if (size < 1) {
            throw std::invalid_argument("shape is " + to_text(shape) +
                                        ", expected sizes of at least 1");
        }
        if (size > kMaxElements / product) {
            throw std::invalid_argument("shape " + to_text(shape) +
                                        " has more than 2^31 - 1 elements");
        }
        product *= size;
    }
    return product;
}

Shape output_shape(const Node& node, const Shape& input_shape) {
    return std::visit(
        detail::Overloaded{[&](const Linear& linear) { return linear_shape(linear, input_shape); },
                           [&](const Conv2d& conv) { return conv_shape(conv, input_shape); },
                           [&](const AvgPool2d& pool) { return pool_shape(pool, input_shape); },
                           [&](const Flatten&) { return Shape{num_elements(input_shape)}; }},
        node);
}

Shape target_shape(const Synapses& synapses, const Shape& source_shape) {
    return std::visit(
        detail::Overloaded{
            [&](const Linear& linear) { return linear_shape(linear, source_shape); },
            [&](const Conv2d& conv) { return conv_shape(conv, source_shape); },
            [&](const PoolSynapses& pool) { return pool_synapses_shape(pool, source_shape); }},
        synapses);
}

namespace detail {

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

void check_finite(const std::vector<float>& values, const std::string& name) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) {
            throw std::invalid_argument(name + " is " + std::to_string(values[i]) +
                                        " at flat index " + std::to_string(i) +
                                        ", expected finite values");
        }
    }
}

void check_finite(const Node& node, const std::string& name) {
    std::visit(Overloaded{[&](const Linear& linear) {
                              check_finite(linear.weight, name + " weight");
                              check_finite(linear.bias, name + " bias");
                          },
                          [&](const Conv2d& conv) {
                              check_finite(conv.weight, name + " weight");
                              check_finite(conv.bias, name + " bias");
                          },
                          [](const AvgPool2d&) {}, [](const Flatten&) {}},
               node);
}

void check_finite(const Synapses& synapses, const std::string& name) {
    std::visit(
        Overloaded{[&](const Linear& linear) {
                       check_finite(linear.weight, name + " weight");
                       check_finite(linear.bias, name + " bias");
                   },
                   [&](const Conv2d& conv) {
                       check_finite(conv.weight, name + " weight");
                       check_finite(conv.bias, name + " bias");
                   },
                   [&](const PoolSynapses& pool) { check_finite(pool.weight, name + " weight"); }},
        synapses);
}

void check_name(const std::string& name, const char* what) {
    if (name.empty() || name.find('/') != std::string::npos ||
        name.find('\0') != std::string::npos || name.rfind("__", 0) == 0) {
        throw std::invalid_argument(
            std::string(what) + " name '" + name +
            "' must not be empty, begin with '__', or contain '/' or a NUL");
    }
}

}  // namespace detail

}  // namespace pysnn
