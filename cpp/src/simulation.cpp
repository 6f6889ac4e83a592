#include <cmath>
#include <limits>
#include <pysnn/simulation.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "block_runner.hpp"
#include "encoding.hpp"
#include "memory.hpp"
#include "parallel.hpp"
#include "plan.hpp"
#include "watch.hpp"

namespace pysnn {
namespace {

using detail::AlignedBuffer;
using detail::Job;
using detail::NeuronState;
using detail::Plan;
using detail::PopulationPlan;

constexpr double kMaxRefractorySteps = 16777216.0;  // counted in float32

void check_sample_ids(const SimulationOptions& options, std::int64_t num_samples) {
    if (!options.sample_ids.empty() &&
        static_cast<std::int64_t>(options.sample_ids.size()) != num_samples) {
        throw std::invalid_argument("sample_ids has " + std::to_string(options.sample_ids.size()) +
                                    " values, but there are " + std::to_string(num_samples) +
                                    " samples");
    }
}

void check_early_stop(const SimulationOptions& options) {
    if (options.stop_margin < 0) {
        throw std::invalid_argument("stop_margin is " + std::to_string(options.stop_margin) +
                                    ", expected at least 1, or 0 for none");
    }
    if (options.stop_interval < 1) {
        throw std::invalid_argument("stop_interval is " + std::to_string(options.stop_interval) +
                                    ", expected at least 1");
    }
}

float steps_of(double refractory_period, double dt, const std::string& name) {
    const double steps = std::nearbyint(refractory_period / dt);
    if (steps > kMaxRefractorySteps) {
        throw std::invalid_argument("population '" + name + "': refractory_period is " +
                                    std::to_string(steps) + " steps of dt, expected at most 2^24");
    }
    return static_cast<float>(steps);
}

// Biases are kept for max_rate * dt = 1. Scaling by at most 1 keeps the sums within their bits.
detail::ScaledBias scaled_bias(const PopulationPlan& plan, double scale) {
    const auto padded = static_cast<std::size_t>(plan.layout.padded());
    detail::ScaledBias bias;
    bias.floats = AlignedBuffer<float>(padded, 0.0F);
    if (plan.precision == Precision::Int16) {
        bias.shorts = AlignedBuffer<std::int16_t>(padded, std::int16_t{0});
    }
    for (std::size_t i = 0; i < plan.bias.size(); ++i) {
        const double grid = static_cast<double>(plan.grid[i]);
        const double units = std::nearbyint(static_cast<double>(plan.bias[i]) / grid * scale);
        bias.floats[i] = static_cast<float>(units * grid + 0.0);
        if (plan.precision == Precision::Int16) {
            bias.shorts[i] = static_cast<std::int16_t>(units);
        }
    }
    return bias;
}

std::vector<char> flags_of(const SpikingNetwork& network, const std::vector<std::string>& names,
                           const char* what) {
    const std::vector<Population>& populations = network.description().populations;
    std::vector<char> flags(populations.size(), 0);
    for (const std::string& name : names) {
        bool found = false;
        for (std::size_t k = 0; k < populations.size(); ++k) {
            if (populations[k].name == name) {
                flags[k] = 1;
                found = true;
            }
        }
        if (!found) {
            throw std::invalid_argument(std::string("record: ") + what + " of '" + name +
                                        "', but the network has no population of that name");
        }
    }
    return flags;
}

// Settings that do not change from call to call.
Job make_job(const SpikingNetwork& network, std::int64_t num_samples,
             const SimulationOptions& options) {
    if (num_samples < 0) {
        throw std::invalid_argument("num_samples is " + std::to_string(num_samples) +
                                    ", expected at least 0");
    }
    check_sample_ids(options, num_samples);
    check_early_stop(options);
    Job job;
    job.plan = &network.plan();
    job.num_samples = num_samples;
    detail::check_dt(options.dt);
    job.seed = options.seed;
    job.sample_ids = options.sample_ids.empty() ? nullptr : options.sample_ids.data();
    job.stop_margin = options.stop_margin;
    job.stop_interval = options.stop_interval;
    job.record_spikes = flags_of(network, options.record.spikes, "spikes");
    job.record_potentials = flags_of(network, options.record.potentials, "potentials");
    job.record_counts = flags_of(network, options.record.counts, "counts");
    for (const Population& population : network.description().populations) {
        job.refractory_steps.push_back(
            steps_of(population.refractory_period, options.dt, population.name));
    }
    return job;
}

void set_bias(Job& job, double scale) {
    if (!(scale >= 0.0 && scale <= 1.0)) {
        throw std::invalid_argument("bias_scale is " + std::to_string(scale) +
                                    ", expected a value in [0, 1], which keeps sums exact");
    }
    job.bias.clear();
    for (const PopulationPlan& plan : job.plan->populations) {
        job.bias.push_back(scaled_bias(plan, scale));
    }
}

SimulationResult make_result(const Job& job) {
    const auto num_populations = static_cast<std::int64_t>(job.plan->populations.size());
    const std::int64_t num_outputs = job.plan->num_neurons.back();
    const std::int64_t output_bytes = (num_outputs + 7) / 8;
    detail::MemoryEstimate estimate;
    estimate.add({job.num_samples, job.num_steps, output_bytes}, 1);
    estimate.add({job.num_samples, 2 * num_populations + 2}, 8);
    for (std::size_t k = 0; k < job.plan->populations.size(); ++k) {
        const std::int64_t num_neurons = job.plan->num_neurons[k];
        const std::int64_t step_bytes = job.record_spikes[k] + 4 * job.record_potentials[k];
        estimate.add({job.num_steps, job.num_samples, num_neurons, step_bytes}, 1);
        estimate.add({job.num_samples, num_neurons}, 4 * job.record_counts[k]);
    }
    estimate.check("the result");

    const auto size = [](auto... factors) { return (static_cast<std::size_t>(factors) * ...); };
    SimulationResult result;
    result.first_step = job.first_step;
    result.num_steps = job.num_steps;
    result.num_samples = job.num_samples;
    result.num_outputs = num_outputs;
    result.num_populations = num_populations;
    result.output_spikes.resize(size(job.num_samples, job.num_steps, output_bytes));
    result.input_spikes.resize(size(job.num_samples));
    result.stopped_step.assign(size(job.num_samples), job.first_step + job.num_steps);
    result.spikes.resize(size(job.num_samples, num_populations));
    result.synaptic_operations.resize(size(job.num_samples, num_populations));
    result.records.resize(size(num_populations));
    for (std::size_t k = 0; k < result.records.size(); ++k) {
        const std::int64_t num_neurons = job.plan->num_neurons[k];
        if (job.record_spikes[k] != 0) {
            result.records[k].spikes.resize(size(job.num_steps, job.num_samples, num_neurons));
        }
        if (job.record_potentials[k] != 0) {
            result.records[k].potentials.resize(size(job.num_steps, job.num_samples, num_neurons));
        }
        if (job.record_counts[k] != 0) {
            result.records[k].counts.resize(size(job.num_samples, num_neurons));
        }
    }
    return result;
}

void check_steps(const Job& job) {
    if (job.num_steps < 0 || job.num_steps > detail::kMaxSteps - job.first_step) {
        throw std::invalid_argument("num_steps is " + std::to_string(job.num_steps) +
                                    ", expected at least 0 and at most 2^34 in all");
    }
}

void check_pointer(const void* data, bool needed, const char* name) {
    if (data == nullptr && needed) {
        throw std::invalid_argument(std::string(name) + " is a null pointer");
    }
}

SimulationResult run_job(Job& job, const SimulationOptions& options) {
    check_steps(job);
    const int num_threads = detail::resolve_num_threads(options.num_threads);
    const std::int64_t num_inputs = job.plan->input.num_neurons();
    if (job.spikes == nullptr) {
        check_pointer(job.x, job.num_samples > 0, "x");
        detail::check_intensities(job.x, job.num_samples, num_inputs);
    } else {
        detail::check_spikes(job.spikes, job.num_steps, job.num_samples, num_inputs);
    }
    detail::kernels();  // says now what is wrong with PYSNN_CPU
    SimulationResult result = make_result(job);
    detail::Watch watch(options.progress, options.should_stop,
                        static_cast<double>(job.num_samples) * static_cast<double>(job.num_steps));
    job.result = &result;
    job.watch = &watch;
    const std::int64_t block = detail::BlockRunner::block_size(job, num_threads);
    std::vector<std::unique_ptr<detail::BlockRunner>> runners(
        static_cast<std::size_t>(num_threads));
    detail::parallel_for((job.num_samples + block - 1) / block, num_threads, [&] { watch.poll(); },
                         [&](std::int64_t item, detail::Worker worker) {
                             auto& runner = runners[static_cast<std::size_t>(worker.index)];
                             if (!runner) {
                                 runner = std::make_unique<detail::BlockRunner>(job);
                             }
                             if (!watch.stopped()) {
                                 const std::int64_t first = item * block;
                                 runner->run(first, std::min(block, job.num_samples - first),
                                             worker.is_caller);
                             }
                         });
    watch.finish();
    return result;
}

}  // namespace

struct Simulation::State {
    State(const SpikingNetwork& given_network, std::int64_t num_samples,
          SimulationOptions given_options)
        : network(given_network),
          options(std::move(given_options)),
          job(make_job(network, num_samples, options)) {
        if (options.stop_margin != 0) {
            throw std::invalid_argument("stop_margin is " + std::to_string(options.stop_margin) +
                                        ", but a Simulation keeps the state of every sample to " +
                                        "its last step: expected 0");
        }
        detail::MemoryEstimate estimate;
        for (const PopulationPlan& plan : job.plan->populations) {
            estimate.add({2, num_samples, plan.layout.padded()}, 2 * sizeof(float));
        }
        estimate.check("the state of " + std::to_string(num_samples) + " samples");
        job.after = &next;
        for (std::size_t k = 0; k < job.plan->populations.size(); ++k) {
            const std::size_t size =
                static_cast<std::size_t>(num_samples) *
                static_cast<std::size_t>(job.plan->populations[k].layout.padded());
            for (NeuronState* state : {&now, &next}) {
                state->potential.emplace_back(size);
                state->refractory_left.emplace_back(job.refractory_steps[k] > 0.0F ? size : 0);
            }
        }
        spike_counts.resize(static_cast<std::size_t>(num_samples * network.num_outputs()));
    }

    SimulationResult run(const float* x, const std::uint8_t* spikes, std::int64_t num_steps) {
        if (spikes == nullptr) {
            job.probability_scale = detail::checked_probability_scale(options.dt, options.max_rate);
        }
        job.x = x;
        job.spikes = spikes;
        job.num_steps = num_steps;
        job.before = job.first_step == 0 ? nullptr : &now;
        const double scale = spikes == nullptr ? job.probability_scale : options.bias_scale;
        if (job.bias.empty() || scale != bias_scale) {
            set_bias(job, scale);
            bias_scale = scale;
        }
        SimulationResult result = run_job(job, options);
        // Only now is nothing left that could fail.
        if (num_steps > 0) {
            std::swap(now, next);
            job.first_step += num_steps;
            const std::vector<std::uint32_t> counts = result.spike_counts();
            for (std::size_t i = 0; i < counts.size(); ++i) {
                spike_counts[i] += counts[i];
            }
        }
        return result;
    }

    SpikingNetwork network;  // keeps the plan alive
    SimulationOptions options;
    Job job;
    double bias_scale = 0.0;
    NeuronState now;
    NeuronState next;
    std::vector<std::uint32_t> spike_counts;
};

Simulation::Simulation(const SpikingNetwork& network, std::int64_t num_samples,
                       SimulationOptions options)
    : state_(std::make_unique<State>(network, num_samples, std::move(options))) {}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

SimulationResult Simulation::run(const float* x, std::int64_t num_steps) {
    return state_->run(x, nullptr, num_steps);
}

SimulationResult Simulation::run_spikes(const std::uint8_t* spikes, std::int64_t num_steps) {
    check_pointer(spikes, true, "spikes");
    return state_->run(nullptr, spikes, num_steps);
}

void Simulation::reset() {
    state_->job.first_step = 0;
    std::fill(state_->spike_counts.begin(), state_->spike_counts.end(), 0U);
}

std::int64_t Simulation::num_samples() const noexcept { return state_->job.num_samples; }

std::int64_t Simulation::next_step() const noexcept { return state_->job.first_step; }

const std::vector<std::uint32_t>& Simulation::spike_counts() const noexcept {
    return state_->spike_counts;
}

std::vector<float> Simulation::membrane_potential(std::int64_t population) const {
    if (population < 0 ||
        population >= static_cast<std::int64_t>(state_->job.plan->populations.size())) {
        throw std::invalid_argument("population is " + std::to_string(population) +
                                    ", expected a position below " +
                                    std::to_string(state_->job.plan->populations.size()));
    }
    const auto k = static_cast<std::size_t>(population);
    const PopulationPlan& plan = state_->job.plan->populations[k];
    const std::int64_t num_neurons = plan.layout.num_neurons();
    std::vector<float> result(static_cast<std::size_t>(num_samples() * num_neurons));
    for (std::int64_t sample = 0; sample < num_samples(); ++sample) {
        const float* row = next_step() == 0
                               ? plan.initial_potential.data()
                               : state_->now.potential[k].data() + sample * plan.layout.padded();
        for (std::int64_t i = 0; i < num_neurons; ++i) {
            result[static_cast<std::size_t>(sample * num_neurons + i)] = row[plan.layout.lane(i)];
        }
    }
    return result;
}

SimulationResult simulate(const SpikingNetwork& network, const float* x, std::int64_t num_samples,
                          const SimulationOptions& options) {
    Job job = make_job(network, num_samples, options);
    job.x = x;
    job.num_steps = options.num_steps;
    job.probability_scale = detail::checked_probability_scale(options.dt, options.max_rate);
    set_bias(job, job.probability_scale);
    return run_job(job, options);
}

SimulationResult simulate_spikes(const SpikingNetwork& network, const std::uint8_t* spikes,
                                 std::int64_t num_steps, std::int64_t num_samples,
                                 const SimulationOptions& options) {
    check_pointer(spikes, true, "spikes");
    Job job = make_job(network, num_samples, options);
    job.spikes = spikes;
    job.num_steps = num_steps;
    set_bias(job, options.bias_scale);
    return run_job(job, options);
}

}  // namespace pysnn
