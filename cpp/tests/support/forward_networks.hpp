// Random nodes for the tests of the forward pass, and their activations.
#pragma once

#include <array>
#include <cstdint>
#include <pysnn/forward.hpp>
#include <random>
#include <vector>

inline std::vector<float> random_values(std::mt19937& random, std::int64_t count, float low,
                                        float high) {
    std::uniform_real_distribution<float> uniform(low, high);
    std::vector<float> values;
    for (std::int64_t i = 0; i < count; ++i) {
        values.push_back(uniform(random));
    }
    return values;
}

inline pysnn::Linear random_linear(std::mt19937& random, std::int64_t outputs, std::int64_t inputs,
                                   bool with_bias) {
    pysnn::Linear node;
    node.out_features = outputs;
    node.in_features = inputs;
    node.weight = random_values(random, outputs * inputs, -1.0F, 1.0F);
    node.bias = random_values(random, with_bias ? outputs : 0, -1.0F, 1.0F);
    return node;
}

/// Where the windows of a convolution lie.
struct WindowSettings {
    std::array<std::int64_t, 2> kernel;
    std::array<std::int64_t, 2> stride{1, 1};
    pysnn::Padding padding{};
    std::array<std::int64_t, 2> dilation{1, 1};
};

inline pysnn::Conv2d random_conv(std::mt19937& random, std::int64_t outputs, std::int64_t inputs,
                                 std::int64_t groups, const WindowSettings& window,
                                 bool with_bias) {
    pysnn::Conv2d node;
    node.out_channels = outputs;
    node.in_channels = inputs;
    node.groups = groups;
    node.kernel_size = window.kernel;
    node.stride = window.stride;
    node.padding = window.padding;
    node.dilation = window.dilation;
    const std::int64_t taps = inputs / groups * window.kernel[0] * window.kernel[1];
    node.weight = random_values(random, outputs * taps, -1.0F, 1.0F);
    node.bias = random_values(random, with_bias ? outputs : 0, -1.0F, 1.0F);
    return node;
}

/// Activations of all nodes, (num_samples, elements of each node's shape).
inline std::vector<std::vector<float>> forward_activations(const pysnn::Network& network,
                                                           const std::vector<float>& x,
                                                           std::int64_t num_samples,
                                                           int num_threads) {
    const pysnn::ForwardPass pass(network);
    std::vector<std::vector<float>> activations;
    std::vector<float*> kept;
    for (const pysnn::Shape& shape : pass.shapes()) {
        // A value that no activation has: what is left out shows.
        activations.emplace_back(num_samples * pysnn::num_elements(shape), -12345.0F);
    }
    for (std::vector<float>& values : activations) {
        kept.push_back(values.data());
    }
    pysnn::ForwardOptions options;
    options.num_threads = num_threads;
    pass.run(x.data(), num_samples, kept, options);
    return activations;
}
