// Builds random networks for the tests of the core.
#pragma once

#include <array>
#include <cmath>
#include <pysnn/pysnn.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

/// What a population's neurons do beside adding up.
struct NeuronKind {
    const char* name;
    pysnn::ResetMode reset;
    double refractory_period;
    bool has_bias;
    bool is_varied;  // a threshold and an initial potential for each neuron
    pysnn::NeuronModel model = pysnn::NeuronModel::If;
};

/// Every combination of reset and refractory period that a kernel is compiled for. Only neurons of
/// the first kind rest in silence.
inline constexpr std::array<NeuronKind, 4> kNeuronKinds{{
    {"plain", pysnn::ResetMode::Zero, 0.0, false, false},
    {"refractory", pysnn::ResetMode::Zero, 2e-3, true, true},
    {"subtract", pysnn::ResetMode::Subtract, 0.0, true, true},
    {"subtract, refractory", pysnn::ResetMode::Subtract, 3e-3, false, true},
}};

/// Neurons of the other models that spike.
inline constexpr std::array<NeuronKind, 6> kOtherKinds{{
    {"signed", pysnn::ResetMode::Subtract, 0.0, true, true, pysnn::NeuronModel::Signed},
    {"signed, alike", pysnn::ResetMode::Subtract, 0.0, false, false, pysnn::NeuronModel::Signed},
    {"bipolar", pysnn::ResetMode::Subtract, 0.0, true, true, pysnn::NeuronModel::Bipolar},
    {"leaky", pysnn::ResetMode::Zero, 0.0, true, true, pysnn::NeuronModel::Leaky},
    {"leaky, subtract", pysnn::ResetMode::Subtract, 0.0, false, true, pysnn::NeuronModel::Leaky},
    {"leaky, refractory", pysnn::ResetMode::Zero, 2e-3, true, true, pysnn::NeuronModel::Leaky},
}};
inline constexpr NeuronKind kReadout{"readout", pysnn::ResetMode::Subtract, 0.0, true,
                                     false,     pysnn::NeuronModel::Readout};
inline constexpr NeuronKind kMaxPool{"max pool", pysnn::ResetMode::Subtract, 0.0, false,
                                     false,      pysnn::NeuronModel::MaxPool};

using pysnn::kPrecisions;

/// Makes random networks population by population; all chance comes from one seed.
///
/// Weights are sized so that every population fires some of the time, however many inputs it has.
class NetworkBuilder {
  public:
    using Pair = std::array<std::int64_t, 2>;

    NetworkBuilder(unsigned seed, pysnn::Shape input, pysnn::Precision precision) : random_(seed) {
        description_.input_shape = std::move(input);
        description_.precision = precision;
    }

    pysnn::Projection linear(const std::string& source, std::int64_t out_features) {
        const std::int64_t in_features = pysnn::num_elements(shape_of(source));
        return {
            source,
            pysnn::Linear{
                out_features, in_features, weights(out_features * in_features, in_features), {}}};
    }

    pysnn::Projection conv(const std::string& source, std::int64_t out_channels, Pair kernel,
                           Pair stride = {1, 1}, pysnn::Padding padding = {},
                           Pair dilation = {1, 1}, std::int64_t groups = 1) {
        pysnn::Conv2d layer;
        layer.out_channels = out_channels;
        layer.in_channels = shape_of(source)[0];
        layer.kernel_size = kernel;
        layer.stride = stride;
        layer.padding = padding;
        layer.dilation = dilation;
        layer.groups = groups;
        const std::int64_t fan_in = layer.in_channels / groups * kernel[0] * kernel[1];
        layer.weight = weights(out_channels * fan_in, fan_in);
        return {source, layer};
    }

    static pysnn::Projection pool(const std::string& source, Pair kernel, Pair stride) {
        return {source, pysnn::PoolSynapses(kernel, stride)};
    }

    static pysnn::Projection max_pool(const std::string& source, Pair kernel, Pair stride,
                                      pysnn::Padding padding = {}, Pair dilation = {1, 1},
                                      bool ceil_mode = false) {
        return {source, pysnn::MaxPoolSynapses{kernel, stride, padding, dilation, ceil_mode}};
    }

    pysnn::Projection identity(const std::string& source, std::int64_t out_channels = 0,
                               std::int64_t first_channel = 0, Pair stride = {1, 1},
                               pysnn::Padding padding = {}) {
        pysnn::IdentitySynapses synapses;
        synapses.out_channels = out_channels;
        synapses.first_channel = first_channel;
        synapses.stride = stride;
        synapses.padding = padding;
        synapses.weight = uniform(shape_of(source)[0], -0.5F, 1.0F);
        return {source, synapses};
    }

    NetworkBuilder& takes(pysnn::InputRange input) {
        description_.input = std::move(input);
        return *this;
    }

    /// Scale of each population, in their order.
    NetworkBuilder& scales(const std::vector<double>& scales) {
        for (const double scale : scales) {
            description_.scale_factors.push_back({scale});
        }
        return *this;
    }

    /// Args:
    ///     shape: Of the population; empty takes what the first projection makes of its source.
    NetworkBuilder& add(const std::string& name, const NeuronKind& kind,
                        std::vector<pysnn::Projection> projections, pysnn::Shape shape = {}) {
        pysnn::Population population;
        population.name = name;
        population.shape = shape.empty() ? pysnn::target_shape(projections[0].synapses,
                                                               shape_of(projections[0].source))
                                         : std::move(shape);
        population.reset = kind.reset;
        population.refractory_period = kind.refractory_period;
        population.neuron = kind.model;
        if (kind.model == pysnn::NeuronModel::Leaky) {
            population.leak = {0.9F};
        }
        if (kind.model == pysnn::NeuronModel::Readout) {
            population.delay = 2;
        }
        if (kind.is_varied) {
            const std::int64_t size = pysnn::num_elements(population.shape);
            if (kind.model == pysnn::NeuronModel::Signed) {
                population.negative_threshold = uniform(size, 0.0F, 0.3F);
            }
            if (kind.model == pysnn::NeuronModel::Leaky) {
                population.leak = uniform(size, 0.5F, 1.0F);
            }
            if (kind.has_bias) {
                population.bias = uniform(size, -0.1F, 0.1F);
            }
            population.threshold = uniform(size, 0.3F, 1.5F);
            population.initial_potential = uniform(size, -0.5F, 1.0F);
        }
        for (pysnn::Projection& projection : projections) {
            if (auto* linear = std::get_if<pysnn::Linear>(&projection.synapses);
                linear != nullptr && kind.has_bias) {
                linear->bias = uniform(linear->out_features, -0.1F, 0.2F);
            }
            if (auto* conv = std::get_if<pysnn::Conv2d>(&projection.synapses);
                conv != nullptr && kind.has_bias) {
                conv->bias = uniform(conv->out_channels, -0.1F, 0.2F);
            }
        }
        population.projections = std::move(projections);
        description_.populations.push_back(std::move(population));
        return *this;
    }

    const pysnn::Shape& shape_of(const std::string& name) const {
        for (const pysnn::Population& population : description_.populations) {
            if (population.name == name) {
                return population.shape;
            }
        }
        return description_.input_shape;
    }

    pysnn::SpikingNetwork build() const { return pysnn::SpikingNetwork(description_); }

  private:
    std::vector<float> weights(std::int64_t count, std::int64_t fan_in) {
        const auto n = static_cast<float>(fan_in);
        std::normal_distribution<float> normal(1.0F / n, 1.5F / std::sqrt(n));
        std::vector<float> values(static_cast<std::size_t>(count));
        for (float& value : values) {
            value = normal(random_);
        }
        return values;
    }

    std::vector<float> uniform(std::int64_t count, float low, float high) {
        std::uniform_real_distribution<float> distribution(low, high);
        std::vector<float> values(static_cast<std::size_t>(count));
        for (float& value : values) {
            value = distribution(random_);
        }
        return values;
    }

    std::mt19937 random_;
    pysnn::SpikingNetworkDescription description_;
};
