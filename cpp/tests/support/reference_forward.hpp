// The forward pass as plain loops over float32 numbers, one rounded operation at a time.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <pysnn/network.hpp>
#include <variant>
#include <vector>

/// Whether both hold the same bits; NaN equals itself, -0 is not +0.
inline bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

/// What each kind of node makes of one sample.
struct ReferenceNode {
    const float* source;
    pysnn::Shape input;
    pysnn::Shape output;

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
        const auto size = static_cast<double>(pool.kernel_size[0] * pool.kernel_size[1]);
        for (std::int64_t channel = 0; channel < output[0]; ++channel) {
            for (std::int64_t row = 0; row < output[1]; ++row) {
                for (std::int64_t column = 0; column < output[2]; ++column) {
                    float sum = 0.0F;
                    for (std::int64_t i = 0; i < pool.kernel_size[0]; ++i) {
                        for (std::int64_t j = 0; j < pool.kernel_size[1]; ++j) {
                            sum += value(channel, row * pool.stride[0] + i,
                                         column * pool.stride[1] + j);
                        }
                    }
                    means.push_back(sum * static_cast<float>(1.0 / size));
                }
            }
        }
        return means;
    }

    std::vector<float> operator()(const pysnn::Flatten&) const {
        return {source, source + pysnn::num_elements(input)};
    }

  private:
    float value(std::int64_t channel, std::int64_t row, std::int64_t column) const {
        return source[(channel * input[1] + row) * input[2] + column];
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
                    if (row >= 0 && row < input[1] && column >= 0 && column < input[2]) {
                        sum += value(group * channels + c, row, column) * *weight;
                    }
                }
            }
        }
        return sum;
    }
};

/// Activations of every node of a chain, each (num_samples, elements of its shape).
inline std::vector<std::vector<float>> reference_activations(const pysnn::Network& network,
                                                             const std::vector<float>& x,
                                                             std::int64_t num_samples) {
    std::vector<std::vector<float>> activations(network.nodes.size());
    const std::int64_t num_inputs = pysnn::num_elements(network.input_shape);
    for (std::int64_t sample = 0; sample < num_samples; ++sample) {
        const float* begin = x.data() + sample * num_inputs;
        std::vector<float> values(begin, begin + num_inputs);
        pysnn::Shape shape = network.input_shape;
        for (std::size_t i = 0; i < network.nodes.size(); ++i) {
            const pysnn::NetworkNode& node = network.nodes[i];
            const pysnn::Shape output = pysnn::output_shape(node.node, shape);
            values = std::visit(ReferenceNode{values.data(), shape, output}, node.node);
            const bool weighted = std::holds_alternative<pysnn::Linear>(node.node) ||
                                  std::holds_alternative<pysnn::Conv2d>(node.node);
            if (weighted && node.activation == pysnn::Activation::ReLU) {
                for (float& value : values) {
                    value = std::max(value, 0.0F);
                }
            }
            activations[i].insert(activations[i].end(), values.begin(), values.end());
            shape = output;
        }
    }
    return activations;
}
