/// Classifies the images of an IDX file, and prints accuracy and images per second.
///
///     classify digits.safetensors t10k-images-idx3-ubyte t10k-labels-idx1-ubyte [table.csv]
///
/// The table gets a line for each image: its label, its prediction, and the spikes of each class.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <pysnn/pysnn.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "idx.hpp"

namespace {

void write_table(const std::string& path, const pysnn::SimulationResult& result,
                 const std::int32_t* predictions, const std::vector<std::uint8_t>& labels) {
    std::ofstream table(path);
    const std::vector<std::int32_t> counts = result.spike_counts();
    const auto num_outputs = static_cast<std::size_t>(result.num_outputs);
    table << "label,prediction";
    for (std::size_t k = 0; k < num_outputs; ++k) {
        table << ",spikes_" << k;
    }
    for (std::size_t image = 0; image < labels.size(); ++image) {
        table << '\n' << int{labels[image]} << ',' << predictions[image];
        for (std::size_t k = 0; k < num_outputs; ++k) {
            table << ',' << counts[image * num_outputs + k];
        }
    }
    table << '\n';
    table.close();
    if (!table) {
        throw std::runtime_error(path + " can't be written");
    }
}

void run(const std::vector<std::string>& arguments) {
    const pysnn::SpikingNetwork network = pysnn::load(arguments[0]);
    const IdxFile images = read_idx(arguments[1]);
    const IdxFile labels = read_idx(arguments[2]);
    const std::vector<float> x = intensities(images);
    const std::int64_t num_images = images.num_items();
    if (static_cast<std::int64_t>(x.size()) != num_images * network.num_inputs()) {
        throw std::runtime_error("the images do not have the " +
                                 std::to_string(network.num_inputs()) + " pixels of the network");
    }
    if (static_cast<std::int64_t>(labels.values.size()) != num_images) {
        throw std::runtime_error("there are not as many labels as images");
    }

    pysnn::SimulationOptions options;
    options.num_steps = 100;  // of 1 ms, at 1000 Hz for white pixels: dt and max_rate as they are
    options.seed = 0;
    const auto start = std::chrono::steady_clock::now();
    const pysnn::SimulationResult result = pysnn::simulate(network, x.data(), num_images, options);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;

    // (num_steps, num_samples): the last row is the decision after all steps.
    const std::vector<std::int32_t> over_time = result.predictions_over_time();
    const std::int32_t* predictions = over_time.data() + (options.num_steps - 1) * num_images;
    std::int64_t correct = 0;
    for (std::size_t image = 0; image < labels.values.size(); ++image) {
        correct += predictions[image] == labels.values[image] ? 1 : 0;
    }
    std::printf("%lld of %lld images correct (%.2f %%), %.0f images per second, %d threads\n",
                static_cast<long long>(correct), static_cast<long long>(num_images),
                100.0 * static_cast<double>(correct) / static_cast<double>(num_images),
                static_cast<double>(num_images) / taken.count(), pysnn::default_num_threads());
    if (arguments.size() == 4) {
        write_table(arguments[3], result, predictions, labels.values);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() != 3 && arguments.size() != 4) {
        std::fprintf(stderr, "usage: classify MODEL IMAGES LABELS [TABLE.csv]\n");
        return 2;
    }
    try {
        run(arguments);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "classify: %s\n", error.what());
        return 1;
    }
    return 0;
}
