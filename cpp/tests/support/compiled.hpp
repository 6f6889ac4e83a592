// How the core has compiled a network, and what it schedules: for tests that must take a certain
// way through it.
#pragma once

#include <cstdint>
#include <pysnn/simulation.hpp>
#include <variant>
#include <vector>

#include "engine/cpu/cpu_program.hpp"
#include "engine/cpu/schedule.hpp"

inline const pysnn::detail::CpuProgram& program_of(const pysnn::SpikingNetwork& network) {
    return dynamic_cast<const pysnn::detail::CpuProgram&>(*pysnn::detail::compile(network));
}

template <typename Weights>
const Weights& weights_of(const pysnn::SpikingNetwork& network, std::int64_t population,
                          std::int64_t projection = 0) {
    return std::get<Weights>(
        program_of(network).population(population).projections[projection].weights);
}

/// What a call schedules, with memory for the biases that the ops point to.
struct Scheduled {
    Scheduled(const pysnn::SpikingNetwork& network, std::int64_t num_samples,
              const pysnn::SimulationOptions& options)
        : settings(pysnn::detail::make_settings(network, num_samples, options)),
          bias(program_of(network).num_populations()) {
        call.num_steps = options.num_steps;
        call.num_threads = options.num_threads == 0 ? 1 : options.num_threads;
        schedule = pysnn::detail::make_schedule(program_of(network), settings, call, bias);
    }

    template <typename OpKind>
    std::vector<OpKind> ops() const {
        std::vector<OpKind> found;
        for (const pysnn::detail::Op& op : schedule.ops) {
            if (const auto* each = std::get_if<OpKind>(&op)) {
                found.push_back(*each);
            }
        }
        return found;
    }

    pysnn::detail::Settings settings;
    pysnn::detail::Array<pysnn::detail::ScaledBias> bias;
    pysnn::detail::Call call;
    pysnn::detail::Schedule schedule;
};

/// By population: the pool that runs with it where nothing is recorded, or -1.
inline std::vector<std::int64_t> fused_pools(const pysnn::SpikingNetwork& network) {
    std::vector<std::int64_t> pools(network.num_neurons().size(), -1);
    const Scheduled scheduled(network, 1, {});
    for (const auto& op : scheduled.ops<pysnn::detail::ConvolutionOp>()) {
        if (op.pool) {
            pools[static_cast<std::size_t>(op.share.population)] = op.pool->share.population;
        }
    }
    return pools;
}
