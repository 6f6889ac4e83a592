/// Builds a spiking network by hand, simulates it, and saves it for others to load.
///
///     build_network edges.safetensors
///
/// The network tells horizontal from vertical bars: a convolution finds edges of both directions,
/// and one output neuron counts those of each.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <pysnn/pysnn.hpp>
#include <utility>
#include <vector>

namespace {

constexpr std::int64_t kSize = 8;           // pixels of an image's side
constexpr std::int64_t kEdges = kSize - 2;  // places of a 3 x 3 window along a side
constexpr std::int64_t kPlaces = kEdges * kEdges;

pysnn::SpikingNetwork edge_network() {
    pysnn::Conv2d kernels;
    kernels.in_channels = 1;
    kernels.out_channels = 2;
    kernels.kernel_size = {3, 3};
    kernels.weight = {
        -0.25F, -0.25F, -0.25F, 0.5F,   0.5F, 0.5F,   -0.25F, -0.25F, -0.25F,  // horizontal
        -0.25F, 0.5F,   -0.25F, -0.25F, 0.5F, -0.25F, -0.25F, 0.5F,   -0.25F,  // vertical
    };
    pysnn::Population edges;
    edges.name = "edges";
    edges.shape = {2, kEdges, kEdges};  // (channels, height, width)
    edges.reset = pysnn::ResetMode::Subtract;
    edges.projections = {{pysnn::kInputName, kernels}};

    pysnn::Linear counters;
    counters.in_features = 2 * kPlaces;
    counters.out_features = 2;
    counters.weight.resize(static_cast<std::size_t>(2 * counters.in_features));  // (out, in)
    for (std::size_t place = 0; place < kPlaces; ++place) {
        counters.weight[place] = 0.1F;                             // horizontal edges count for 0
        counters.weight[3 * std::size_t{kPlaces} + place] = 0.1F;  // vertical ones for 1
    }
    pysnn::Population output;
    output.name = "output";
    output.shape = {2};
    output.refractory_period = 2e-3;  // s
    output.projections = {{"edges", counters}};

    pysnn::SpikingNetworkDescription description;
    description.input_shape = {1, kSize, kSize};
    description.populations = {std::move(edges), std::move(output)};
    // Sizes are checked and weights are rounded here, once.
    return pysnn::SpikingNetwork(std::move(description));
}

/// Two images, (2, 1, kSize, kSize): bars in every fourth row, and in every fourth column.
std::vector<float> bars() {
    std::vector<float> x;
    for (const bool vertical : {false, true}) {
        for (std::int64_t row = 0; row < kSize; ++row) {
            for (std::int64_t column = 0; column < kSize; ++column) {
                x.push_back((vertical ? column : row) % 4 == 2 ? 0.8F : 0.05F);
            }
        }
    }
    return x;
}

void run(const char* path) {
    const pysnn::SpikingNetwork network = edge_network();
    pysnn::SimulationOptions options;
    options.num_steps = 200;
    options.seed = 1;
    const pysnn::SimulationResult result = pysnn::simulate(network, bars().data(), 2, options);

    const std::vector<std::int32_t> counts = result.spike_counts();  // (2, 2)
    const char* names[2] = {"horizontal", "vertical"};
    for (std::size_t image = 0; image < 2; ++image) {
        std::printf("%s bars: spikes %d %d\n", names[image],
                    static_cast<unsigned>(counts[2 * image]),
                    static_cast<unsigned>(counts[2 * image + 1]));
    }
    pysnn::save(network, path);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: build_network MODEL\n");
        return 2;
    }
    try {
        run(argv[1]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "build_network: %s\n", error.what());
        return 1;
    }
    return 0;
}
