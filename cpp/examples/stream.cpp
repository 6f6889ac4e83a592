/// Feeds spikes to a network while they arrive, and reads its decision so far after every call.
///
///     stream digits.safetensors t10k-images-idx3-ubyte [STEPS_PER_CALL [NUM_IMAGES]]
///
/// A simulated source shows each image for 100 steps of 1 ms. A call advances the network by
/// STEPS_PER_CALL steps (1); membrane potentials and counts stay in the Simulation from one call to
/// the next.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <pysnn/pysnn.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "idx.hpp"

namespace {

constexpr std::int64_t kStepsPerImage = 100;

/// Stands for what would be a sensor: gives the spikes of the next steps, as they come.
class Source {
  public:
    Source(const float* image, std::int64_t num_pixels, std::uint64_t id)
        : image_(image), num_pixels_(num_pixels) {
        options_.sample_ids = {id};
    }

    /// Fills spikes, (num_steps, num_pixels), with 0 and 1.
    void read(std::int64_t num_steps, std::vector<std::uint8_t>& spikes) {
        spikes.resize(static_cast<std::size_t>(num_steps * num_pixels_));
        pysnn::poisson_spikes(image_, 1, num_pixels_, num_steps, options_, spikes.data());
        options_.first_step += num_steps;
    }

  private:
    const float* image_;
    std::int64_t num_pixels_;
    pysnn::PoissonOptions options_;
};

/// The class with most spikes so far, the lowest of several.
std::int64_t decision(const std::vector<std::int32_t>& spike_counts) {
    return std::max_element(spike_counts.begin(), spike_counts.end()) - spike_counts.begin();
}

void print_latency(std::vector<double> microseconds) {
    std::sort(microseconds.begin(), microseconds.end());
    const std::size_t last = microseconds.size() - 1;
    std::printf("latency per call: median %.1f, 99th percentile %.1f, longest %.1f microseconds\n",
                microseconds[last / 2], microseconds[last * 99 / 100], microseconds[last]);
}

void run(const std::string& model, const std::string& images_file, std::int64_t steps_per_call,
         std::int64_t num_images) {
    // Nothing but simulated from here on: its weights are kept once, as the kernels read them.
    const pysnn::SpikingNetwork network = pysnn::pack(pysnn::load(model), pysnn::Encoding::Poisson);
    const IdxFile images = read_idx(images_file);
    const std::vector<float> x = intensities(images);
    const std::int64_t num_pixels = network.num_inputs();
    if (static_cast<std::int64_t>(x.size()) != images.num_items() * num_pixels) {
        throw std::runtime_error("the images do not have the " + std::to_string(num_pixels) +
                                 " pixels of the network");
    }

    pysnn::SimulationOptions options;
    options.num_threads = 1;  // one sample is too little to share
    pysnn::Simulation simulation(network, 1, options);
    // Both are used again: after the first call nothing is allocated.
    pysnn::SimulationResult result;
    std::vector<std::uint8_t> spikes;
    std::vector<double> microseconds;
    num_images = std::min(num_images, images.num_items());
    for (std::int64_t image = 0; image < num_images; ++image) {
        Source source(x.data() + image * num_pixels, num_pixels, static_cast<std::uint64_t>(image));
        simulation.reset();
        std::int64_t decided = 0;
        std::int64_t since = 0;  // the step at whose end the decision was first the present one
        while (simulation.next_step() < kStepsPerImage) {
            const std::int64_t left = kStepsPerImage - simulation.next_step();
            const std::int64_t num_steps = std::min(steps_per_call, left);
            source.read(num_steps, spikes);
            const auto start = std::chrono::steady_clock::now();
            simulation.run_spikes(spikes.data(), num_steps, result);
            const std::int64_t now = decision(simulation.spike_counts());
            const std::chrono::duration<double, std::micro> taken =
                std::chrono::steady_clock::now() - start;
            microseconds.push_back(taken.count());
            if (now != decided) {
                decided = now;
                since = simulation.next_step();
            }
        }
        std::printf("image %lld: class %lld since step %lld, spikes", static_cast<long long>(image),
                    static_cast<long long>(decided), static_cast<long long>(since));
        for (const std::int32_t count : simulation.spike_counts()) {
            std::printf(" %d", static_cast<int>(count));
        }
        std::printf("\n");
    }
    print_latency(microseconds);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::int64_t steps_per_call = argc > 3 ? std::stoll(argv[3]) : 1;
        const std::int64_t num_images = argc > 4 ? std::stoll(argv[4]) : 10;
        if (argc < 3 || argc > 5 || steps_per_call < 1 || num_images < 1) {
            std::fprintf(stderr, "usage: stream MODEL IMAGES [STEPS_PER_CALL [NUM_IMAGES]]\n");
            return 2;
        }
        run(argv[1], argv[2], steps_per_call, num_images);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "stream: %s\n", error.what());
        return 1;
    }
    return 0;
}
