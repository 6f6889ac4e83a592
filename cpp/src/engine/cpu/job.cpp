#include "engine/cpu/job.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "base/memory.hpp"
#include "engine/encoding.hpp"

namespace pysnn::detail {
namespace {

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
ScaledBias scaled_bias(const PopulationPlan& plan, double scale) {
    const auto padded = static_cast<std::size_t>(plan.layout.padded());
    ScaledBias bias;
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

void prepare_balance(const Job& job, std::size_t population, Balance& balance) {
    const PopulationPlan& plan = job.plan->populations[population];
    const std::int64_t num_neurons = plan.layout.num_neurons();
    balance.loses_excess = !kernels().neuron_traits(plan.rule).subtracts;
    balance.threshold.resize(static_cast<std::size_t>(num_neurons));
    for (std::int64_t i = 0; i < num_neurons; ++i) {
        balance.threshold[static_cast<std::size_t>(i)] =
            plan.threshold[static_cast<std::size_t>(plan.layout.lane(i))];
    }
    const auto size = static_cast<std::size_t>(job.num_samples * num_neurons);
    for (auto* charge : {&balance.input_charge, &balance.dropped_charge, &balance.excess_charge,
                         &balance.rounding_charge}) {
        charge->assign(size, 0.0);
    }
    for (auto* potential : {&balance.initial_potential, &balance.final_potential}) {
        potential->assign(size, 0.0F);
    }
    for (auto* count : {&balance.spike_counts, &balance.multi_spike_steps}) {
        count->assign(size, 0U);
    }
}

}  // namespace

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
    job.description = &network.description();
    job.num_samples = num_samples;
    check_dt(options.dt);
    job.encoding = options.encoding;
    job.seed = options.seed;
    job.sample_ids = options.sample_ids.empty() ? nullptr : options.sample_ids.data();
    job.stop_margin = options.stop_margin;
    job.stop_interval = options.stop_interval;
    job.record_spikes = flags_of(network, options.record.spikes, "spikes");
    job.record_potentials = flags_of(network, options.record.potentials, "potentials");
    job.record_counts = flags_of(network, options.record.counts, "counts");
    job.record_balance = flags_of(network, options.record.balance, "balance");
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

void prepare_result(const Job& job, SimulationResult& result) {
    const auto num_populations = static_cast<std::int64_t>(job.plan->populations.size());
    const std::int64_t num_outputs = job.plan->num_neurons.back();
    const std::int64_t output_bytes = (num_outputs + 7) / 8;
    MemoryEstimate estimate;
    estimate.add({job.num_samples, job.num_steps, output_bytes}, 1);
    estimate.add({job.num_samples, 2 * num_populations + 2}, 8);
    for (std::size_t k = 0; k < job.plan->populations.size(); ++k) {
        const std::int64_t num_neurons = job.plan->num_neurons[k];
        const std::int64_t step_bytes = job.record_spikes[k] + 4 * job.record_potentials[k];
        estimate.add({job.num_steps, job.num_samples, num_neurons, step_bytes}, 1);
        estimate.add({job.num_samples, num_neurons}, 4 * job.record_counts[k]);
        estimate.add({job.num_samples, num_neurons}, 48 * job.record_balance[k]);
    }
    estimate.check("the result");

    const auto size = [](auto... factors) { return (static_cast<std::size_t>(factors) * ...); };
    result.first_step = job.first_step;
    result.num_steps = job.num_steps;
    result.num_samples = job.num_samples;
    result.num_outputs = num_outputs;
    result.num_populations = num_populations;
    result.output_spikes.assign(size(job.num_samples, job.num_steps, output_bytes), 0);
    result.input_spikes.assign(size(job.num_samples), 0);
    result.stopped_step.assign(size(job.num_samples), job.first_step + job.num_steps);
    result.spikes.assign(size(job.num_samples, num_populations), 0);
    result.synaptic_operations.assign(size(job.num_samples, num_populations), 0);
    result.records.resize(size(num_populations));
    for (std::size_t k = 0; k < result.records.size(); ++k) {
        const std::int64_t num_neurons = job.plan->num_neurons[k];
        if (job.record_spikes[k] != 0) {
            result.records[k].spikes.assign(size(job.num_steps, job.num_samples, num_neurons), 0);
        }
        if (job.record_potentials[k] != 0) {
            result.records[k].potentials.assign(size(job.num_steps, job.num_samples, num_neurons),
                                                0.0F);
        }
        if (job.record_counts[k] != 0) {
            result.records[k].counts.assign(size(job.num_samples, num_neurons), 0);
        }
        if (job.record_balance[k] != 0) {
            prepare_balance(job, k, result.records[k].balance);
        }
    }
}

}  // namespace pysnn::detail
