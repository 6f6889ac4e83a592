#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <pysnn/simulation.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/float_mode.hpp"
#include "base/memory.hpp"
#include "base/parallel.hpp"
#include "base/watch.hpp"
#include "engine/cpu/block_runner.hpp"
#include "engine/cpu/job.hpp"
#include "engine/cpu/plan.hpp"
#include "engine/encoding.hpp"
#include "record/recording.hpp"

namespace pysnn {
namespace {

using detail::Job;
using detail::NeuronState;
using detail::PopulationPlan;
using Runners = std::vector<std::unique_ptr<detail::BlockRunner>>;  // by worker

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

// Everything that a run with the same arguments has allocated is used again.
void run_job(Job& job, const SimulationOptions& options, Runners& runners,
             SimulationResult& result) {
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
    detail::prepare_result(job, result);
    detail::Watch watch(options.progress, options.should_stop,
                        static_cast<double>(job.num_samples) * static_cast<double>(job.num_steps));
    job.result = &result;
    job.watch = &watch;
    const std::int64_t block = detail::BlockRunner::block_size(job, num_threads);
    runners.resize(static_cast<std::size_t>(num_threads));
    const auto run_block = [&](std::int64_t item, detail::Worker worker) {
        auto& runner = runners[static_cast<std::size_t>(worker.index)];
        if (!runner) {
            runner = std::make_unique<detail::BlockRunner>(job);
        }
        if (!watch.stopped()) {
            const std::int64_t first = item * block;
            runner->run(first, std::min(block, job.num_samples - first), worker.is_caller);
        }
    };
    const auto poll = [&] { watch.poll(); };
    detail::parallel_for((job.num_samples + block - 1) / block, num_threads, std::cref(poll),
                         std::cref(run_block));
    watch.finish();
}

}  // namespace

struct Simulation::State {
    State(const SpikingNetwork& given_network, std::int64_t num_samples,
          SimulationOptions given_options)
        : network(given_network),
          options(std::move(given_options)),
          job(detail::make_job(network, num_samples, options)) {
        if (options.stop_margin != 0) {
            throw std::invalid_argument("stop_margin is " + std::to_string(options.stop_margin) +
                                        ", but a Simulation keeps the state of every sample to " +
                                        "its last step: expected 0");
        }
        detail::MemoryEstimate estimate;
        for (const PopulationPlan& plan : job.plan->populations) {
            estimate.add({2, num_samples, plan.layout.padded()}, 2 * sizeof(float));
        }
        estimate.check("the state of so many samples");
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

    void run(const float* x, const std::uint8_t* spikes, std::int64_t num_steps,
             SimulationResult& result) {
        const detail::FloatMode mode;
        if (spikes == nullptr) {
            job.probability_scale = detail::checked_probability_scale(options.dt, options.max_rate);
        }
        job.x = x;
        job.spikes = spikes;
        job.num_steps = num_steps;
        job.before = job.first_step == 0 ? nullptr : &now;
        const double scale = spikes == nullptr ? job.probability_scale : options.bias_scale;
        if (job.bias.empty() || scale != bias_scale) {
            detail::set_bias(job, scale);
            bias_scale = scale;
        }
        run_job(job, options, runners, result);
        // Only now is nothing left that could fail.
        if (num_steps > 0) {
            std::swap(now, next);
            job.first_step += num_steps;
            detail::add_spike_counts(result, spike_counts);
        }
    }

    SpikingNetwork network;  // keeps the plan alive
    SimulationOptions options;
    Job job;
    Runners runners;
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
    SimulationResult result;
    run(x, num_steps, result);
    return result;
}

void Simulation::run(const float* x, std::int64_t num_steps, SimulationResult& result) {
    state_->run(x, nullptr, num_steps, result);
}

SimulationResult Simulation::run_spikes(const std::uint8_t* spikes, std::int64_t num_steps) {
    SimulationResult result;
    run_spikes(spikes, num_steps, result);
    return result;
}

void Simulation::run_spikes(const std::uint8_t* spikes, std::int64_t num_steps,
                            SimulationResult& result) {
    check_pointer(spikes, true, "spikes");
    state_->run(nullptr, spikes, num_steps, result);
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
    const detail::FloatMode mode;
    Job job = detail::make_job(network, num_samples, options);
    job.x = x;
    job.num_steps = options.num_steps;
    job.probability_scale = detail::checked_probability_scale(options.dt, options.max_rate);
    detail::set_bias(job, job.probability_scale);
    Runners runners;
    SimulationResult result;
    run_job(job, options, runners, result);
    return result;
}

SimulationResult simulate_spikes(const SpikingNetwork& network, const std::uint8_t* spikes,
                                 std::int64_t num_steps, std::int64_t num_samples,
                                 const SimulationOptions& options) {
    const detail::FloatMode mode;
    check_pointer(spikes, true, "spikes");
    Job job = detail::make_job(network, num_samples, options);
    job.spikes = spikes;
    job.num_steps = num_steps;
    detail::set_bias(job, options.bias_scale);
    Runners runners;
    SimulationResult result;
    run_job(job, options, runners, result);
    return result;
}

}  // namespace pysnn
