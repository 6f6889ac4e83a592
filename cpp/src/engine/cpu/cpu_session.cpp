// Calls shared among workers.

#include "engine/cpu/cpu_session.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "base/memory.hpp"
#include "platform/parallel.hpp"

namespace pysnn::detail {
namespace {

// Biases are kept for max_rate * dt = 1. Scaling by at most 1 keeps the sums within their bits.
ScaledBias scaled_bias(const PackedPopulation& packed, double scale) {
    const std::int64_t padded = packed.layout.padded();
    const bool int16 = packed.precision == Precision::Int16;
    ScaledBias bias;
    bias.floats = AlignedBuffer<float>(padded, 0.0F);
    if (int16) {
        bias.shorts = AlignedBuffer<std::int16_t>(padded, std::int16_t{0});
    }
    for (std::int64_t i = 0; i < packed.bias.size(); ++i) {
        const double grid = packed.grid[i];
        const double units = std::nearbyint(packed.bias[i] / grid * scale);
        bias.floats[i] = static_cast<float>(units * grid + 0.0);
        if (int16) {
            bias.shorts[i] = static_cast<std::int16_t>(units);
        }
    }
    return bias;
}

}  // namespace

CpuSession::CpuSession(const CpuProgram& program, const Settings& settings, bool keeps_state)
    : program_(program), settings_(settings), bias_(program.num_populations()) {
    if (!keeps_state) {
        return;
    }
    MemoryEstimate estimate;
    for (std::int64_t k = 0; k < program.num_populations(); ++k) {
        // Potentials and counters, each of now and next.
        const PackedPopulation& packed = program.population(k);
        estimate.add({4, settings.num_samples, packed.layout.padded()}, sizeof(float));
        estimate.add({2, settings.num_samples, packed.num_sent() + packed.num_source_counts()},
                     sizeof(std::int32_t));
    }
    estimate.check("the state of so many samples");
    now_.emplace(program, settings);
    next_.emplace(program, settings);
}

void CpuSession::run(const Call& call, Watch& watch, SimulationResult& result) {
    const Schedule& schedule = schedule_of(call);
    const RunningCall running{
        call,   schedule, is_initial_ || !now_ ? nullptr : &*now_, next_ ? &*next_ : nullptr,
        result, watch};
    const std::int64_t portion = schedule.portion;
    const std::int64_t num_samples = settings_.num_samples;
    runners_.resize(call.num_threads);
    const auto run_portion = [&](std::int64_t item, Worker worker) {
        std::unique_ptr<Runner>& runner = runners_[worker.index];
        if (!runner) {
            runner = std::make_unique<Runner>(program_, settings_);
        }
        if (!watch.stopped()) {
            const std::int64_t first = item * portion;
            runner->run(running, first, std::min(portion, num_samples - first), worker.is_caller);
        }
    };
    const auto poll = [&] { watch.poll(); };
    parallel_for((num_samples + portion - 1) / portion, call.num_threads, std::cref(poll),
                 std::cref(run_portion));
    watch.finish();
    if (next_ && call.num_steps > 0) {
        std::swap(now_, next_);
        is_initial_ = false;
    }
}

// Only what a call changes is made again: a stream's calls are alike, be they of numbers or spikes.
const Schedule& CpuSession::schedule_of(const Call& call) {
    if (call.bias_scale != bias_scale_) {
        for (std::int64_t k = 0; k < program_.num_populations(); ++k) {
            bias_[k] = scaled_bias(program_.population(k), call.bias_scale);
        }
        bias_scale_ = call.bias_scale;
    }
    if (scheduled_threads_ != call.num_threads) {
        of_intensities_.reset();
        of_spikes_.reset();
        scheduled_threads_ = call.num_threads;
    }
    std::optional<Schedule>& schedule = call.spikes != nullptr ? of_spikes_ : of_intensities_;
    if (!schedule) {
        schedule = make_schedule(program_, settings_, call, bias_);
    }
    return *schedule;
}

PopulationState CpuSession::state(std::int64_t population) const {
    return is_initial_ ? initial_state(population) : now_->state(population);
}

PopulationState CpuSession::initial_state(std::int64_t population) const {
    const PackedPopulation& packed = program_.population(population);
    const std::int64_t num_neurons = packed.layout.num_neurons();
    const std::size_t size = to_size(settings_.num_samples * num_neurons);
    PopulationState state;
    if (packed.is_max_pool) {
        const Layout& source = *packed.projections[0].source_layout;
        state.source_counts.assign(to_size(settings_.num_samples * source.num_neurons()), 0);
    }
    if (packed.counts_sent()) {
        state.spike_counts.assign(size, 0);
    }
    if (settings_.refractory_steps[population] > 0.0F) {
        state.refractory_steps_left.assign(size, 0);
    }
    state.potential.reserve(packed.is_max_pool ? 0 : size);
    for (std::int64_t sample = 0; !packed.is_max_pool && sample < settings_.num_samples; ++sample) {
        for (std::int64_t i = 0; i < num_neurons; ++i) {
            state.potential.push_back(packed.initial_potential[packed.layout.lane(i)]);
        }
    }
    return state;
}

void CpuSession::restore(const std::vector<PopulationState>& state) {
    now_->restore(state);
    is_initial_ = false;
}

}  // namespace pysnn::detail
