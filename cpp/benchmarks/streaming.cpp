// How long a call of one step takes where one sample is streamed: see README.md.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <pysnn/pysnn.hpp>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../examples/idx.hpp"
#include "../tests/support/counted_allocations.hpp"

namespace pysnn::benchmarks {
namespace {

constexpr const char* kUsage =
    "usage: pysnn_streaming [--json] [--steps N] [--rounds N] [MODEL [IMAGES]]\n\n"
    "Times calls of one step of 1 ms for one sample on one thread, under Poisson input of 1000\n"
    "Hz: N steps (500) in each of N rounds (7), in which the kinds of call take turns. Without a\n"
    "MODEL it is the paper's 784-1200-1200-10 with random weights; without an IDX file of IMAGES,\n"
    "of which the first is shown, pixels are random. PYSNN_CPU=baseline|avx2|avx512|neon\n"
    "forces an instruction set.\n";

struct Options {
    bool help = false;
    bool json = false;
    std::int64_t num_steps = 500;
    std::int64_t rounds = 7;
    std::vector<std::string> files;  // model, images
};

std::int64_t positive(const std::string& name, const std::string& text) {
    char* end = nullptr;
    const long long value = std::strtoll(text.c_str(), &end, 10);
    if (text.empty() || *end != '\0' || value < 1 || value > 1000000) {
        throw std::invalid_argument(name + " is '" + text +
                                    "', expected a whole number in [1, 1000000]");
    }
    return value;
}

Options parse(const std::vector<std::string>& arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& name = arguments[i];
        if (name == "--json" || name == "--help") {
            (name == "--json" ? options.json : options.help) = true;
        } else if (name == "--steps" || name == "--rounds") {
            if (++i == arguments.size()) {
                throw std::invalid_argument(name + " needs a value");
            }
            (name == "--steps" ? options.num_steps : options.rounds) = positive(name, arguments[i]);
        } else if (name.rfind("--", 0) == 0 || options.files.size() == 2) {
            throw std::invalid_argument("unknown argument '" + name + "'");
        } else {
            options.files.push_back(name);
        }
    }
    return options;
}

/// The paper's fully connected network; half of a layer's neurons get a positive sum, and fire.
SpikingNetwork random_network() {
    std::mt19937 random(1);
    SpikingNetworkDescription description;
    description.input_shape = {784};
    std::string source = kInputName;
    std::int64_t fan_in = 784;
    for (const std::int64_t size : {1200, 1200, 10}) {
        std::normal_distribution<float> weights(0.0F, 1.0F / std::sqrt(static_cast<float>(fan_in)));
        Linear layer{size, fan_in, std::vector<float>(static_cast<std::size_t>(size * fan_in)), {}};
        std::generate(layer.weight.begin(), layer.weight.end(), [&] { return weights(random); });
        Population population;
        population.name = size == 10 ? "output" : source == kInputName ? "hidden 1" : "hidden 2";
        population.shape = {size};
        population.projections.push_back({source, std::move(layer)});
        source = population.name;
        fan_in = size;
        description.populations.push_back(std::move(population));
    }
    return SpikingNetwork(std::move(description));
}

/// As many pixels lit as an image of MNIST has, a fifth of them.
std::vector<float> random_image(std::int64_t num_inputs) {
    std::mt19937 random(2);
    std::bernoulli_distribution lit(0.2);
    std::uniform_real_distribution<float> intensity(0.0F, 1.0F);
    std::vector<float> x(static_cast<std::size_t>(num_inputs));
    std::generate(x.begin(), x.end(), [&] { return lit(random) ? intensity(random) : 0.0F; });
    return x;
}

std::vector<float> first_image(const std::string& path, std::int64_t num_inputs) {
    const IdxFile images = read_idx(path);
    std::vector<float> x = intensities(images);
    if (static_cast<std::int64_t>(x.size()) != images.num_items() * num_inputs) {
        throw std::invalid_argument(path + " has no images of the network's " +
                                    std::to_string(num_inputs) + " inputs");
    }
    x.resize(static_cast<std::size_t>(num_inputs));
    return x;
}

/// One way to run the next step.
struct Call {
    std::string name;
    std::function<void(std::int64_t step)> run;
    std::vector<double> microseconds;
    std::int64_t allocations = 0;  // in all calls but the first
};

/// One sample that is streamed, and what each kind of call reads.
class Stream {
  public:
    Stream(SpikingNetwork network, std::vector<float> x, std::int64_t num_steps)
        : network_(std::move(network)),
          x_(std::move(x)),
          num_steps_(num_steps),
          spikes_(static_cast<std::size_t>(num_steps * network_.num_inputs())),
          simulation_(network_, 1, options()) {
        poisson_spikes(x_.data(), 1, network_.num_inputs(), num_steps, PoissonOptions{},
                       spikes_.data());
    }

    std::vector<Call> calls() {
        return {
            {"run(x, 1, result)",
             [this](std::int64_t) { simulation_.run(x_.data(), 1, result_); },
             {},
             0},
            {"run_spikes(spikes, 1, result)",
             [this](std::int64_t step) {
                 simulation_.run_spikes(spikes_.data() + step * network_.num_inputs(), 1, result_);
             },
             {},
             0},
        };
    }

    /// Throws:
    ///     std::runtime_error: steps one by one give other spikes than one call over all of them.
    void check(Call& call) {
        SimulationOptions whole_options = options();
        whole_options.num_steps = num_steps_;
        const SimulationResult whole = simulate(network_, x_.data(), 1, whole_options);
        simulation_.reset();
        std::vector<std::uint8_t> output_spikes;
        for (std::int64_t step = 0; step < num_steps_; ++step) {
            const std::int64_t allocations = num_allocations();
            call.run(step);
            call.allocations += step == 0 ? 0 : num_allocations() - allocations;
            output_spikes.insert(output_spikes.end(), result_.output_spikes.begin(),
                                 result_.output_spikes.end());
        }
        if (output_spikes != whole.output_spikes ||
            simulation_.spike_counts() != whole.spike_counts()) {
            throw std::runtime_error(call.name + " step by step gives other spikes than one call");
        }
        const std::vector<std::int32_t>& counts = simulation_.spike_counts();
        if (std::all_of(counts.begin(), counts.end(), [](std::int32_t n) { return n == 0; })) {
            throw std::runtime_error("the output is silent, which shows nothing");
        }
    }

    void measure(Call& call) {
        simulation_.reset();
        for (std::int64_t step = 0; step < num_steps_; ++step) {
            const std::int64_t allocations = num_allocations();
            const auto start = std::chrono::steady_clock::now();
            call.run(step);
            const std::chrono::duration<double, std::micro> taken =
                std::chrono::steady_clock::now() - start;
            call.allocations += num_allocations() - allocations;
            call.microseconds.push_back(taken.count());
        }
    }

  private:
    static SimulationOptions options() {
        SimulationOptions options;
        options.num_threads = 1;
        return options;
    }

    SpikingNetwork network_;
    std::vector<float> x_;
    std::int64_t num_steps_;
    std::vector<std::uint8_t> spikes_;
    Simulation simulation_;
    SimulationResult result_;
};

/// Value that the share `part` of the others is below.
double quantile(std::vector<double> values, double part) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1) + 0.5)];
}

void print(const std::vector<Call>& calls, bool json) {
    std::printf(json ? "{\"cpu_target\": \"%s\", \"calls\": ["
                     : "CPU %s, 1 sample, 1 thread; microseconds\n\n"
                       "| call of one step | median | 99th percentile | allocations after the "
                       "first call |\n|---|---|---|---|\n",
                cpu_target().c_str());
    const char* separator = "";
    for (const Call& call : calls) {
        const double median = quantile(call.microseconds, 0.5);
        const double high = quantile(call.microseconds, 0.99);
        const auto allocations = static_cast<long long>(call.allocations);
        if (json) {
            std::printf(
                "%s\n{\"name\": \"%s\", \"median\": %.3f, \"percentile_99\": %.3f, "
                "\"allocations\": %lld}",
                separator, call.name.c_str(), median, high, allocations);
            separator = ",";
        } else {
            std::printf("| %s | %.1f | %.1f | %lld |\n", call.name.c_str(), median, high,
                        allocations);
        }
    }
    std::printf(json ? "]}\n" : "");
}

void run(const Options& options) {
    if (options.help) {
        std::fputs(kUsage, stdout);
        return;
    }
    SpikingNetwork network = options.files.empty() ? random_network() : load(options.files[0]);
    std::vector<float> x = options.files.size() < 2
                               ? random_image(network.num_inputs())
                               : first_image(options.files[1], network.num_inputs());
    Stream stream(std::move(network), std::move(x), options.num_steps);
    std::vector<Call> calls = stream.calls();
    for (Call& call : calls) {
        stream.check(call);
        call.microseconds.reserve(static_cast<std::size_t>(options.rounds * options.num_steps));
    }
    for (std::int64_t round = 0; round < options.rounds; ++round) {
        for (Call& call : calls) {
            stream.measure(call);
        }
    }
    print(calls, options.json);
}

}  // namespace
}  // namespace pysnn::benchmarks

int main(int argc, char** argv) {
    try {
        pysnn::benchmarks::run(pysnn::benchmarks::parse({argv + 1, argv + argc}));
    } catch (const std::invalid_argument& error) {
        std::fprintf(stderr, "pysnn_streaming: %s\n%s", error.what(), pysnn::benchmarks::kUsage);
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "pysnn_streaming: %s\n", error.what());
        return 1;
    }
    return 0;
}
