// The forward pass as plain loops over float32 numbers, one rounded operation at a time.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <pysnn/network.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// Whether both hold the same bits; NaN equals itself, -0 is not +0.
inline bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

/// What each kind of node makes of one sample.
struct ReferenceNode {
    std::vector<const float*> sources;  // one per input
    std::vector<pysnn::Shape> inputs;
    pysnn::Shape output;
    const float* source = sources.front();
    pysnn::Shape input = inputs.front();

    std::vector<float> operator()(const pysnn::Linear& linear) const {
        std::vector<float> sums;
        for (std::int64_t o = 0; o < linear.out_features; ++o) {
            float sum = 0.0F + (linear.bias.empty() ? 0.0F : linear.bias.data()[o]);
            for (std::int64_t i = 0; i < linear.in_features; ++i) {
                sum += source[i] * linear.weight.data()[o * linear.in_features + i];
            }
            sums.push_back(sum);
        }
        return sums;
    }

    std::vector<float> operator()(const pysnn::Conv2d& conv) const {
        std::vector<float> sums;
        for (std::int64_t o = 0; o < output[0]; ++o) {
            for (std::int64_t row = 0; row < output[1]; ++row) {
                for (std::int64_t column = 0; column < output[2]; ++column) {
                    sums.push_back(sum_at(conv, o, row, column));
                }
            }
        }
        return sums;
    }

    std::vector<float> operator()(const pysnn::AvgPool2d& pool) const {
        std::vector<float> means;
        for_windows([&](std::int64_t channel, std::int64_t row, std::int64_t column) {
            float sum = 0.0F;
            std::int64_t inside = 0;
            std::int64_t padded = 0;
            for (std::int64_t i = 0; i < pool.kernel_size[0]; ++i) {
                for (std::int64_t j = 0; j < pool.kernel_size[1]; ++j) {
                    const std::int64_t y = row * pool.stride[0] + i - pool.padding.top;
                    const std::int64_t x = column * pool.stride[1] + j - pool.padding.left;
                    padded +=
                        y < input[1] + pool.padding.bottom && x < input[2] + pool.padding.right;
                    if (is_inside(y, x)) {
                        sum += value(channel, y, x);
                        ++inside;
                    }
                }
            }
            const auto divisor = static_cast<double>(pool.count_include_pad ? padded : inside);
            means.push_back(sum * static_cast<float>(1.0 / divisor));
        });
        return means;
    }

    std::vector<float> operator()(const pysnn::MaxPool2d& pool) const {
        std::vector<float> maxima;
        for_windows([&](std::int64_t channel, std::int64_t row, std::int64_t column) {
            float largest = -std::numeric_limits<float>::infinity();
            for (std::int64_t i = 0; i < pool.kernel_size[0]; ++i) {
                for (std::int64_t j = 0; j < pool.kernel_size[1]; ++j) {
                    const std::int64_t y =
                        row * pool.stride[0] + i * pool.dilation[0] - pool.padding.top;
                    const std::int64_t x =
                        column * pool.stride[1] + j * pool.dilation[1] - pool.padding.left;
                    if (is_inside(y, x) && value(channel, y, x) > largest) {
                        largest = value(channel, y, x);
                    }
                }
            }
            maxima.push_back(largest);
        });
        return maxima;
    }

    std::vector<float> operator()(const pysnn::BatchNorm& norm) const {
        return by_channel([&](std::int64_t channel, float x) {
            const double weight = norm.weight.empty() ? 1.0 : norm.weight.data()[channel];
            const double bias = norm.bias.empty() ? 0.0 : norm.bias.data()[channel];
            const double scale = weight / std::sqrt(norm.variance.data()[channel] + norm.eps);
            const auto shift = static_cast<float>(bias - norm.mean.data()[channel] * scale);
            const float product = x * static_cast<float>(scale);
            return product + shift;
        });
    }

    std::vector<float> operator()(const pysnn::ReLU& relu) const {
        return by_channel([&](std::int64_t, float x) {
            if (relu.levels > 0) {
                const auto levels = static_cast<double>(relu.levels);
                const float place = x * static_cast<float>(levels / relu.max);
                const float level = std::floor(place + 0.5F);
                return std::min(std::max(level, 0.0F), static_cast<float>(levels)) *
                       static_cast<float>(relu.max / levels);
            }
            const float positive = x > 0.0F ? x : 0.0F;
            return relu.max > 0.0F ? std::min(positive, relu.max) : positive;
        });
    }

    std::vector<float> operator()(const pysnn::Affine& affine) const {
        const auto of_channel = [](const std::vector<double>& values, std::int64_t channel) {
            return values.size() == 1 ? values.front() : values.data()[channel];
        };
        return by_channel([&](std::int64_t channel, float x) {
            const double product = x * of_channel(affine.scale, channel);
            return static_cast<float>(product + of_channel(affine.shift, channel));
        });
    }

    std::vector<float> operator()(const pysnn::Add&) const {
        std::vector<float> sums(source, source + pysnn::num_elements(input));
        for (std::size_t k = 1; k < sources.size(); ++k) {
            for (std::size_t i = 0; i < sums.size(); ++i) {
                sums[i] += sources[k][i];
            }
        }
        return sums;
    }

    std::vector<float> operator()(const pysnn::Concat&) const {
        std::vector<float> joined;
        for (std::size_t k = 0; k < sources.size(); ++k) {
            joined.insert(joined.end(), sources[k], sources[k] + pysnn::num_elements(inputs[k]));
        }
        return joined;
    }

    std::vector<float> operator()(const pysnn::Pad& pad) const {
        std::vector<float> padded;
        for_windows([&](std::int64_t channel, std::int64_t row, std::int64_t column) {
            const std::int64_t y = row - pad.padding.top;
            const std::int64_t x = column - pad.padding.left;
            padded.push_back(is_inside(y, x) ? value(channel, y, x) : 0.0F);
        });
        return padded;
    }

    std::vector<float> operator()(const pysnn::Flatten&) const {
        return {source, source + pysnn::num_elements(input)};
    }

  private:
    float value(std::int64_t channel, std::int64_t row, std::int64_t column) const {
        return source[(channel * input[1] + row) * input[2] + column];
    }

    bool is_inside(std::int64_t row, std::int64_t column) const {
        return row >= 0 && row < input[1] && column >= 0 && column < input[2];
    }

    // Calls function(channel, row, column) for every output of an image.
    template <typename Function>
    void for_windows(Function function) const {
        for (std::int64_t channel = 0; channel < output[0]; ++channel) {
            for (std::int64_t row = 0; row < output[1]; ++row) {
                for (std::int64_t column = 0; column < output[2]; ++column) {
                    function(channel, row, column);
                }
            }
        }
    }

    // What function(channel, value) makes of every element.
    template <typename Function>
    std::vector<float> by_channel(Function function) const {
        const std::int64_t count = pysnn::num_elements(input);
        const std::int64_t positions = count / input.front();
        std::vector<float> values;
        for (std::int64_t i = 0; i < count; ++i) {
            values.push_back(function(i / positions, source[i]));
        }
        return values;
    }

    float sum_at(const pysnn::Conv2d& conv, std::int64_t o, std::int64_t out_row,
                 std::int64_t out_column) const {
        const std::int64_t channels = conv.in_channels / conv.groups;
        const std::int64_t group = o / (conv.out_channels / conv.groups);
        const float* weight =
            conv.weight.data() + o * channels * conv.kernel_size[0] * conv.kernel_size[1];
        float sum = 0.0F + (conv.bias.empty() ? 0.0F : conv.bias.data()[o]);
        for (std::int64_t c = 0; c < channels; ++c) {
            for (std::int64_t i = 0; i < conv.kernel_size[0]; ++i) {
                for (std::int64_t j = 0; j < conv.kernel_size[1]; ++j, ++weight) {
                    const std::int64_t row =
                        out_row * conv.stride[0] + i * conv.dilation[0] - conv.padding.top;
                    const std::int64_t column =
                        out_column * conv.stride[1] + j * conv.dilation[1] - conv.padding.left;
                    if (is_inside(row, column)) {
                        sum += value(group * channels + c, row, column) * *weight;
                    }
                }
            }
        }
        return sum;
    }
};

/// Activations of every node, each (num_samples, elements of its shape).
inline std::vector<std::vector<float>> reference_activations(const pysnn::Network& network,
                                                             const std::vector<float>& x,
                                                             std::int64_t num_samples) {
    std::vector<std::vector<float>> activations(network.nodes.size());
    const std::int64_t num_inputs = pysnn::num_elements(network.input_shape);
    for (std::int64_t sample = 0; sample < num_samples; ++sample) {
        const float* begin = x.data() + sample * num_inputs;
        std::map<std::string, std::vector<float>> values{
            {pysnn::kInputName, {begin, begin + num_inputs}}};
        std::map<std::string, pysnn::Shape> shapes{{pysnn::kInputName, network.input_shape}};
        std::string before = pysnn::kInputName;
        for (std::size_t i = 0; i < network.nodes.size(); ++i) {
            const pysnn::NetworkNode& node = network.nodes[i];
            std::vector<const float*> sources;
            std::vector<pysnn::Shape> inputs;
            for (const std::string& name :
                 node.inputs.empty() ? std::vector<std::string>{before} : node.inputs) {
                sources.push_back(values.at(name).data());
                inputs.push_back(shapes.at(name));
            }
            const pysnn::Shape output = pysnn::output_shape(node.node, inputs);
            std::vector<float> made = std::visit(ReferenceNode{sources, inputs, output}, node.node);
            const bool weighted = std::holds_alternative<pysnn::Linear>(node.node) ||
                                  std::holds_alternative<pysnn::Conv2d>(node.node);
            if (weighted && node.activation == pysnn::Activation::ReLU) {
                for (float& value : made) {
                    value = std::max(value, 0.0F);
                }
            }
            activations[i].insert(activations[i].end(), made.begin(), made.end());
            values[node.name] = std::move(made);
            shapes[node.name] = output;
            before = node.name;
        }
    }
    return activations;
}
