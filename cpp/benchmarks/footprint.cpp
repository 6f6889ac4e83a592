// How much memory a network takes where one sample is streamed: see README.md.

#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>
#include <pysnn/pysnn.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace pysnn::benchmarks {
namespace {

constexpr const char* kUsage =
    "usage: pysnn_footprint [--pack] [--encoding poisson|regular|constant] MODEL\n\n"
    "Loads a model, packs it if asked to, and simulates 100 steps of one sample on one thread.\n"
    "Prints, after each of them, the memory of its own that the process has gained (RssAnon, in\n"
    "MB) and the most that it has ever had, program included (VmHWM). Linux only. Without\n"
    "--encoding, a model is simulated under its own, or else under Poisson input.\n";

struct Options {
    bool help = false;
    bool pack = false;
    std::optional<Encoding> encoding;
    std::string model;
};

Options parse(const std::vector<std::string>& arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i] == "--help") {
            options.help = true;
        } else if (arguments[i] == "--pack") {
            options.pack = true;
        } else if (arguments[i] == "--encoding") {
            if (i + 1 == arguments.size()) {
                throw std::invalid_argument("--encoding needs a value");
            }
            options.encoding = find_by_name(kEncodings, arguments[++i]);
            if (!options.encoding) {
                throw std::invalid_argument("there is no encoding '" + arguments[i] + "'");
            }
        } else if (arguments[i].rfind("--", 0) == 0 || !options.model.empty()) {
            throw std::invalid_argument(arguments[i] + " is not expected; see --help");
        } else {
            options.model = arguments[i];
        }
    }
    if (options.model.empty() && !options.help) {
        throw std::invalid_argument("MODEL is missing; see --help");
    }
    return options;
}

// A size in /proc/self/status, in MB.
double megabytes(const std::string& name) {
    std::ifstream status("/proc/self/status");
    std::string word;
    double kibibytes = 0.0;
    while (status >> word) {
        if (word == name + ":" && status >> kibibytes) {
            return kibibytes * 1024.0 / 1e6;
        }
    }
    throw std::runtime_error("/proc/self/status has no " + name);
}

void print(const char* when, double start) {
    std::printf("%-10s %6.1f MB, at most %6.1f MB\n", when, megabytes("RssAnon") - start,
                megabytes("VmHWM"));
}

void run(const Options& given) {
    const double start = megabytes("RssAnon");
    SpikingNetwork network = load(given.model);
    print("loaded", start);
    SimulationOptions options;
    options.encoding = given.encoding;
    options.num_threads = 1;
    if (given.pack) {
        network = pack(std::move(network), given.encoding);
        print("packed", start);
    }
    const std::vector<float> x(static_cast<std::size_t>(network.num_inputs()), 0.5F);
    Simulation simulation(network, 1, options);
    SimulationResult result;
    for (std::int64_t step = 0; step < 100; ++step) {
        simulation.run(x.data(), 1, result);
    }
    print("simulated", start);
}

}  // namespace
}  // namespace pysnn::benchmarks

int main(int argc, char** argv) {
    try {
        const auto options = pysnn::benchmarks::parse({argv + 1, argv + argc});
        if (options.help) {
            std::fputs(pysnn::benchmarks::kUsage, stdout);
        } else {
            pysnn::benchmarks::run(options);
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "pysnn_footprint: %s\n", error.what());
        return 1;
    }
    return 0;
}
