// Small networks that several tests share.
#pragma once

#include <pysnn/pysnn.hpp>
#include <random>
#include <vector>

inline std::vector<float> random_weights(std::int64_t count, float mean, float spread,
                                         std::mt19937& random) {
    std::normal_distribution<float> normal(mean, spread);
    std::vector<float> weights(static_cast<std::size_t>(count));
    for (float& weight : weights) {
        weight = normal(random);
    }
    return weights;
}

/// A network with every kind of projection, both resets, a refractory period, biases, odd sizes and
/// a population with three sources.
inline pysnn::SpikingNetwork mixed_network(unsigned seed) {
    std::mt19937 random(seed);
    pysnn::SpikingNetworkDescription description;
    description.input_shape = {2, 9, 8};

    pysnn::Conv2d conv;
    conv.in_channels = 2;
    conv.out_channels = 5;
    conv.kernel_size = {3, 2};
    conv.stride = {1, 2};
    conv.padding = {1, 1};
    conv.weight = random_weights(5 * 2 * 3 * 2, 0.1F, 0.3F, random);
    conv.bias = random_weights(5, 0.0F, 0.05F, random);
    pysnn::Population first;
    first.name = "conv";
    first.shape = {5, 9, 5};
    first.refractory_period = 2e-3;
    first.projections.push_back({pysnn::kInputName, conv});
    description.populations.push_back(first);

    pysnn::Population pooled;
    pooled.name = "pool";
    pooled.shape = {5, 3, 1};
    pooled.reset = pysnn::ResetMode::Subtract;
    pooled.projections.push_back({"conv", pysnn::AvgPool2d{{3, 5}, {3, 5}}});
    description.populations.push_back(pooled);

    pysnn::Linear wide{70, 144, random_weights(70 * 144, 0.01F, 0.1F, random), {}};
    pysnn::Linear narrow{70, 15, random_weights(70 * 15, 0.1F, 0.3F, random),
                         random_weights(70, 0.0F, 0.1F, random)};
    pysnn::Population dense;
    dense.name = "dense";
    dense.shape = {70};
    dense.threshold = std::vector<float>(70, 0.75F);
    dense.threshold[3] = 2.0F;
    dense.projections.push_back({pysnn::kInputName, wide});
    dense.projections.push_back({"pool", narrow});
    dense.projections.push_back(
        {"conv", pysnn::Linear{70, 225, random_weights(70 * 225, 0.0F, 0.1F, random), {}}});
    description.populations.push_back(dense);

    pysnn::Population output;
    output.name = "output";
    output.shape = {11};
    output.reset = pysnn::ResetMode::Subtract;
    output.projections.push_back(
        {"dense", pysnn::Linear{11, 70, random_weights(11 * 70, 0.05F, 0.2F, random), {}}});
    description.populations.push_back(output);
    return pysnn::SpikingNetwork(description);
}
