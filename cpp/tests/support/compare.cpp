// Comparison of the core with the reference, everything that a result holds.
#include "compare.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <string>

#include "reference_simulation.hpp"

namespace {

constexpr double kDt = 1e-3;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

// Samples as numbers of which 1 is the largest; exact for ranges and affines of powers of two.
std::vector<float> fractions_of(const pysnn::SpikingNetwork& network, const TestInput& input) {
    std::vector<float> all;
    for (std::int64_t sample = 0; sample < input.num_samples; ++sample) {
        const float* x = input.x.data() + sample * network.num_inputs();
        for (const double fraction : ReferenceSimulation::fractions_of(
                 network.description(), {x, x + network.num_inputs()})) {
            all.push_back(static_cast<float>(fraction));
        }
    }
    return all;
}

// No spikes where the input is a constant current.
std::vector<std::int8_t> draw(const pysnn::SpikingNetwork& network, const TestInput& input) {
    std::vector<std::int8_t> spikes(
        index(input.num_steps * input.num_samples * network.num_inputs()), 0);
    const std::vector<float> x = fractions_of(network, input);
    if (input.encoding == pysnn::Encoding::Poisson) {
        pysnn::PoissonOptions options;
        options.dt = kDt;
        options.max_rate = input.max_rate;
        options.seed = input.seed;
        pysnn::poisson_spikes(x.data(), input.num_samples, network.num_inputs(), input.num_steps,
                              options, spikes.data());
    } else if (input.encoding == pysnn::Encoding::Regular) {
        pysnn::RegularOptions options;
        options.dt = kDt;
        options.max_rate = input.max_rate;
        pysnn::regular_spikes(x.data(), input.num_samples, network.num_inputs(), input.num_steps,
                              options, spikes.data());
    }
    return spikes;
}

/// What the reference says of a whole batch, in the layout of SimulationResult.
struct Trace {
    std::vector<std::vector<std::int8_t>> spikes;   // by population (num_steps, num_samples, n)
    std::vector<std::vector<float>> potentials;     // as spikes
    std::vector<std::vector<std::int32_t>> counts;  // by population (num_samples, n), net
    std::vector<std::int64_t> input_spikes;         // (num_samples)
    std::vector<std::int64_t> num_spikes;           // (num_samples, num_populations)
    std::vector<std::int64_t> operations;           // (num_samples, num_populations)
};

Trace trace_of(const pysnn::SpikingNetwork& network, const TestInput& input, double bias_scale) {
    const std::vector<pysnn::Population>& populations = network.description().populations;
    const std::int64_t inputs = network.num_inputs();
    Trace trace;
    for (const std::int64_t n : network.num_neurons()) {
        trace.spikes.emplace_back(index(input.num_steps * input.num_samples * n));
        trace.potentials.emplace_back(index(input.num_steps * input.num_samples * n));
        trace.counts.emplace_back(index(input.num_samples * n), 0);
    }
    trace.input_spikes.assign(index(input.num_samples), 0);
    trace.num_spikes.assign(index(input.num_samples) * populations.size(), 0);
    trace.operations = trace.num_spikes;
    for (std::int64_t sample = 0; sample < input.num_samples; ++sample) {
        ReferenceSimulation reference(network, kDt, bias_scale);
        if (input.encoding == pysnn::Encoding::Constant) {
            const float* x = input.x.data() + sample * inputs;
            reference.hold({x, x + inputs}, bias_scale);
        }
        for (std::int64_t step = 0; step < input.num_steps; ++step) {
            const std::int64_t row = step * input.num_samples + sample;
            const std::int8_t* spikes = input.spikes.data() + row * inputs;
            trace.input_spikes[index(sample)] += inputs - std::count(spikes, spikes + inputs, 0);
            reference.step({spikes, spikes + inputs});
            for (std::size_t k = 0; k < populations.size(); ++k) {
                const std::vector<std::int8_t>& fired = reference.spikes(populations[k].name);
                const std::vector<float>& potential = reference.potential(populations[k].name);
                const auto n = static_cast<std::int64_t>(fired.size());
                std::copy(fired.begin(), fired.end(), trace.spikes[k].begin() + row * n);
                std::copy(potential.begin(), potential.end(),
                          trace.potentials[k].begin() + row * n);
                for (std::int64_t i = 0; i < n; ++i) {
                    trace.counts[k][index(sample * n + i)] += fired[index(i)];
                }
                trace.num_spikes[index(sample) * populations.size() + k] +=
                    n - std::count(fired.begin(), fired.end(), 0);
            }
        }
        for (std::size_t k = 0; k < populations.size(); ++k) {
            trace.operations[index(sample) * populations.size() + k] =
                reference.operations(populations[k].name);
        }
    }
    return trace;
}

// The spikes of one sign.
std::vector<std::uint8_t> pack(const std::vector<std::int8_t>& spikes, int sign,
                               const TestInput& input) {
    const std::int64_t n =
        static_cast<std::int64_t>(spikes.size()) / (input.num_steps * input.num_samples);
    const std::int64_t bytes = (n + 7) / 8;
    std::vector<std::uint8_t> packed(index(input.num_samples * input.num_steps * bytes), 0);
    for (std::int64_t sample = 0; sample < input.num_samples; ++sample) {
        for (std::int64_t step = 0; step < input.num_steps; ++step) {
            for (std::int64_t i = 0; i < n; ++i) {
                const int spike =
                    spikes[index((step * input.num_samples + sample) * n + i)] == sign ? 1 : 0;
                std::uint8_t& byte =
                    packed[index((sample * input.num_steps + step) * bytes + i / 8)];
                byte = static_cast<std::uint8_t>(byte | spike << (i % 8));
            }
        }
    }
    return packed;
}

// As integers: 0.0 and -0.0 are different bits.
bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

pysnn::SimulationResult simulate(const pysnn::SpikingNetwork& network, const TestInput& input,
                                 const pysnn::SimulationOptions& options) {
    return input.x.empty() ? pysnn::simulate_spikes(network, input.spikes.data(), input.num_steps,
                                                    input.num_samples, options)
                           : pysnn::simulate(network, input.x.data(), input.num_samples, options);
}

void check_sums(const pysnn::SimulationResult& result, const Trace& trace, const TestInput& input) {
    CHECK(result.output_spikes == pack(trace.spikes.back(), 1, input));
    CHECK((result.output_negative_spikes.empty() ||
           result.output_negative_spikes == pack(trace.spikes.back(), -1, input)));
    CHECK(result.num_input_spikes == trace.input_spikes);
    CHECK(result.num_spikes == trace.num_spikes);
    CHECK(result.synaptic_operations == trace.operations);
}

void check_recorded(const pysnn::SpikingNetwork& network, const TestInput& input,
                    const Trace& trace, pysnn::SimulationOptions options) {
    for (const pysnn::Population& population : network.description().populations) {
        options.record.spikes.push_back(population.name);
        if (population.neuron != pysnn::NeuronModel::MaxPool) {
            options.record.potentials.push_back(population.name);
        }
        options.record.counts.push_back(population.name);
    }
    const pysnn::SimulationResult result = simulate(network, input, options);
    check_sums(result, trace, input);
    for (std::size_t k = 0; k < trace.spikes.size(); ++k) {
        INFO("population ", network.description().populations[k].name);
        CHECK(result.records[k].spikes == trace.spikes[k]);
        CHECK((result.records[k].potentials.empty() ||
               same_bits(result.records[k].potentials, trace.potentials[k])));
        CHECK(result.records[k].counts == trace.counts[k]);
    }
}

// What a neuron received went somewhere.
void check_charge(const pysnn::Population& population, const pysnn::Balance& balance) {
    const bool loses = population.reset == pysnn::ResetMode::Zero;
    const std::size_t num_neurons = balance.threshold.size();
    double worst = 0.0;
    for (std::size_t i = 0; i < balance.input_charge.size(); ++i) {
        const double out =
            static_cast<double>(balance.threshold[i % num_neurons]) * balance.spike_counts[i] +
            (loses ? balance.excess_charge[i] : 0.0) + balance.dropped_charge[i] +
            balance.rounding_charge[i] + static_cast<double>(balance.final_potential[i]);
        const double in =
            balance.input_charge[i] + static_cast<double>(balance.initial_potential[i]);
        worst = std::max(worst, std::abs(in - out));
    }
    CHECK(worst < 1e-9);
}

// Membranes apart from the sums.
void check_counted(const pysnn::SpikingNetwork& network, const TestInput& input, const Trace& trace,
                   pysnn::SimulationOptions options) {
    for (const pysnn::Population& population : network.description().populations) {
        if (population.neuron != pysnn::NeuronModel::MaxPool &&
            population.neuron != pysnn::NeuronModel::Readout) {
            options.record.balance.push_back(population.name);
        }
    }
    const pysnn::SimulationResult result = simulate(network, input, options);
    check_sums(result, trace, input);
    for (std::size_t k = 0; k < trace.spikes.size(); ++k) {
        INFO("population ", network.description().populations[k].name);
        const pysnn::Balance& balance = result.records[k].balance;
        if (balance.spike_counts.empty()) {
            continue;
        }
        check_charge(network.description().populations[k], balance);
        CHECK(balance.spike_counts == trace.counts[k]);
        const auto last =
            trace.potentials[k].end() - static_cast<std::ptrdiff_t>(balance.final_potential.size());
        CHECK(same_bits(balance.final_potential, {last, trace.potentials[k].end()}));
    }
}

// Two calls, and the membranes after the second: nothing is recorded, so that every shortcut holds.
void check_continued(const pysnn::SpikingNetwork& network, const TestInput& input,
                     const Trace& trace, const pysnn::SimulationOptions& options) {
    pysnn::Simulation simulation(network, input.num_samples, options);
    const std::int64_t first = std::max<std::int64_t>(input.num_steps * 2 / 5, 1);
    const std::int64_t stride = input.num_samples * network.num_inputs();
    for (const auto& [begin, end] : {std::pair{std::int64_t{0}, first}, {first, input.num_steps}}) {
        if (input.x.empty()) {
            simulation.run_spikes(input.spikes.data() + begin * stride, end - begin);
        } else {
            simulation.run(input.x.data(), end - begin);
        }
    }
    CHECK(simulation.spike_counts() == trace.counts.back());
    for (std::size_t k = 0; k < trace.potentials.size(); ++k) {
        INFO("population ", network.description().populations[k].name);
        if (network.description().populations[k].neuron == pysnn::NeuronModel::MaxPool) {
            continue;
        }
        const std::vector<float>& all = trace.potentials[k];
        const std::int64_t size = input.num_samples * network.num_neurons()[k];
        const std::vector<float> last(all.end() - size, all.end());
        CHECK(same_bits(simulation.membrane_potential(static_cast<std::int64_t>(k)), last));
    }
}

}  // namespace

TestInput drawn_input(const pysnn::SpikingNetwork& network, std::int64_t num_samples,
                      std::int64_t num_steps, double bright, unsigned seed,
                      pysnn::Encoding encoding) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> uniform(0.0F, 1.0F);
    TestInput input;
    input.num_samples = num_samples;
    input.num_steps = num_steps;
    // So that an intensity of 5/8 is a probability of exactly 1/2, and 1 one of 4/5.
    input.max_rate = 800.0;
    input.encoding = encoding;
    input.x.resize(index(num_samples * network.num_inputs()), 0.0F);
    for (float& x : input.x) {
        if (static_cast<double>(uniform(random)) < bright) {
            const float choice = uniform(random);
            x = choice < 0.1F ? 1.0F : choice < 0.2F ? 0.625F : uniform(random);
        }
    }
    input.spikes = draw(network, input);
    return input;
}

TestInput ranged_input(const pysnn::SpikingNetwork& network, std::int64_t num_samples,
                       std::int64_t num_steps, pysnn::Encoding encoding, unsigned seed) {
    const pysnn::InputRange& range = network.description().input;
    const std::int64_t channels = network.description().input_shape[0];
    const std::int64_t size = network.num_inputs() / channels;
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> uniform(range.is_signed ? -256 : 0, 256);
    TestInput input;
    input.num_samples = num_samples;
    input.num_steps = num_steps;
    input.encoding = encoding;
    for (std::int64_t i = 0; i < num_samples * network.num_inputs(); ++i) {
        const auto of_channel = [&](const std::vector<double>& values, double otherwise) {
            return values.empty()       ? otherwise
                   : values.size() == 1 ? values[0]
                                        : values[index(i / size % channels)];
        };
        const double value = uniform(random) / 256.0 * range.scale;
        input.x.push_back(static_cast<float>((value - of_channel(range.affine_shift, 0.0)) /
                                             of_channel(range.affine_scale, 1.0)));
    }
    input.spikes = draw(network, input);
    return input;
}

TestInput uniform_input(const pysnn::SpikingNetwork& network, std::int64_t num_samples,
                        std::int64_t num_steps, float probability) {
    TestInput input;
    input.num_samples = num_samples;
    input.num_steps = num_steps;
    input.max_rate = 1000.0;
    input.x.assign(index(num_samples * network.num_inputs()), probability);
    input.spikes = draw(network, input);
    return input;
}

TestInput given_input(const pysnn::SpikingNetwork& network, std::int64_t num_samples,
                      std::int64_t num_steps, double density, unsigned seed) {
    std::mt19937 random(seed);
    std::bernoulli_distribution coin(density);
    std::bernoulli_distribution silence(0.25);
    TestInput input;
    input.num_samples = num_samples;
    input.num_steps = num_steps;
    for (std::int64_t row = 0; row < num_steps * num_samples; ++row) {
        const bool is_silent = silence(random);
        for (std::int64_t i = 0; i < network.num_inputs(); ++i) {
            input.spikes.push_back(!is_silent && coin(random) ? std::int8_t{1} : std::int8_t{0});
        }
    }
    return input;
}

Activity check_equals_reference(const pysnn::SpikingNetwork& network, const TestInput& input) {
    pysnn::SimulationOptions options;
    options.num_steps = input.num_steps;
    options.dt = kDt;
    options.max_rate = input.max_rate;
    options.seed = input.seed;
    options.encoding = input.encoding;
    options.bias_scale = 0.7;
    options.num_threads = 1;
    const double bias_scale = input.x.empty() ? options.bias_scale : input.max_rate * kDt;
    const Trace trace = trace_of(network, input, bias_scale);
    INFO("drawn: ", !input.x.empty(), ", ", input.num_samples, " samples, ", input.num_steps,
         " steps");
    {
        INFO("nothing recorded");
        check_sums(simulate(network, input, options), trace, input);
    }
    {
        INFO("everything recorded");
        check_recorded(network, input, trace, options);
    }
    {
        INFO("charge counted");
        check_counted(network, input, trace, options);
    }
    {
        INFO("two calls");
        check_continued(network, input, trace, options);
    }
    Activity activity;
    for (const std::vector<std::int8_t>& spikes : trace.spikes) {
        const double share =
            1.0 - static_cast<double>(std::count(spikes.begin(), spikes.end(), 0)) /
                      static_cast<double>(spikes.size());
        activity.least = std::min(activity.least, share);
        activity.most = std::max(activity.most, share);
    }
    return activity;
}

void check_active_and_equal(const pysnn::SpikingNetwork& network, const TestInput& input) {
    const Activity activity = check_equals_reference(network, input);
    CHECK(activity.least > 0.0);
    CHECK(activity.most < 1.0);
}
