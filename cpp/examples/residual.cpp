/// Runs a residual network as ReLUs and as spikes, built by hand.
///
///     residual residual.safetensors
///
/// One block: relu(conv(x) + x), then the mean of each channel. The shortcut is a projection of its
/// own, with one weight for each channel, and the outputs are potentials that never fire.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <pysnn/pysnn.hpp>
#include <utility>
#include <vector>

namespace {

constexpr std::int64_t kChannels = 2;
constexpr std::int64_t kSize = 6;  // pixels of an image's side
constexpr double kScale = 2.0;     // activation that a spike in every step stands for
constexpr std::int64_t kNumSteps = 256;

pysnn::Conv2d kernels() {
    pysnn::Conv2d conv;
    conv.in_channels = kChannels;
    conv.out_channels = kChannels;
    conv.kernel_size = {3, 3};
    conv.padding = {1, 1};
    for (std::int64_t i = 0; i < kChannels * kChannels * 9; ++i) {
        conv.weight.push_back(0.05F * static_cast<float>(i % 7 - 3));
    }
    return conv;
}

pysnn::Network relu_network() {
    pysnn::Network network;
    network.input_shape = {kChannels, kSize, kSize};
    network.nodes = {
        {"conv", kernels(), pysnn::Activation::None, {pysnn::kInputName}},
        {"sum", pysnn::Add{}, pysnn::Activation::None, {"conv", pysnn::kInputName}},
        {"relu", pysnn::ReLU{}, pysnn::Activation::None, {"sum"}},
        {"mean",
         pysnn::AvgPool2d{{kSize, kSize}, {kSize, kSize}},
         pysnn::Activation::None,
         {"relu"}},
    };
    return network;
}

/// The same function: weights from the input by 1 / kScale, a mean of kSize * kSize spikes.
pysnn::SpikingNetwork spiking_network() {
    pysnn::Conv2d conv = kernels();
    for (float& weight : conv.weight) {
        weight /= static_cast<float>(kScale);
    }
    pysnn::IdentitySynapses shortcut;
    shortcut.weight.assign(kChannels, static_cast<float>(1.0 / kScale));
    pysnn::Population relu;
    relu.name = "relu";
    relu.shape = {kChannels, kSize, kSize};
    relu.neuron = pysnn::NeuronModel::Signed;
    relu.reset = pysnn::ResetMode::Subtract;
    relu.initial_potential = {0.5F};
    relu.projections = {{pysnn::kInputName, conv}, {pysnn::kInputName, shortcut}};

    pysnn::Linear means;
    means.in_features = kChannels * kSize * kSize;
    means.out_features = kChannels;
    for (std::int64_t i = 0; i < kChannels * means.in_features; ++i) {
        const bool is_own = i / means.in_features == i % means.in_features / (kSize * kSize);
        means.weight.push_back(is_own ? 1.0F / static_cast<float>(kSize * kSize) : 0.0F);
    }
    pysnn::Population mean;
    mean.name = "mean";
    mean.shape = {kChannels};
    mean.neuron = pysnn::NeuronModel::Readout;
    mean.reset = pysnn::ResetMode::Subtract;
    mean.projections = {{"relu", means}};

    pysnn::SpikingNetworkDescription description;
    description.input_shape = {kChannels, kSize, kSize};
    description.input.is_signed = true;  // |x| <= 1
    description.populations = {std::move(relu), std::move(mean)};
    description.scale_factors = {{kScale}, {kScale}};
    return pysnn::SpikingNetwork(std::move(description));
}

std::vector<float> image() {
    std::vector<float> x;
    for (std::int64_t i = 0; i < kChannels * kSize * kSize; ++i) {
        x.push_back(static_cast<float>(i * 37 % 64 - 24) / 64.0F);
    }
    return x;
}

void run(const char* path) {
    const std::vector<float> x = image();
    const std::vector<float> exact = pysnn::ForwardPass(relu_network()).predict(x.data(), 1);
    const pysnn::SpikingNetwork network = spiking_network();
    pysnn::SimulationOptions options;
    options.num_steps = kNumSteps;
    options.encoding = pysnn::Encoding::Constant;
    options.max_rate = 1.0 / options.dt;  // an input of 1 is a spike in every step
    const std::vector<double> outputs = pysnn::simulate(network, x.data(), 1, options).outputs();
    for (std::size_t channel = 0; channel < exact.size(); ++channel) {
        std::printf("channel %zu: ReLU network %.4f, spiking %.4f\n", channel,
                    static_cast<double>(exact[channel]), outputs[channel]);
    }
    pysnn::save(network, path);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: residual MODEL\n");
        return 2;
    }
    try {
        run(argv[1]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "residual: %s\n", error.what());
        return 1;
    }
    return 0;
}
