// The simulation as its callers see it: arguments checked, an engine's session run, a state kept.

#include <algorithm>
#include <memory>
#include <optional>
#include <pysnn/simulation.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/array.hpp"
#include "base/text.hpp"
#include "base/watch.hpp"
#include "engine/encoding.hpp"
#include "engine/program.hpp"
#include "engine/settings.hpp"
#include "engine/state_checks.hpp"
#include "platform/float_mode.hpp"
#include "platform/parallel.hpp"
#include "record/recording.hpp"
#include "record/result.hpp"

namespace pysnn {
namespace {

using detail::Call;
using detail::Settings;

void check_pointer(const void* data, bool needed, const char* name) {
    if (data == nullptr && needed) {
        throw std::invalid_argument(std::string(name) + " is a null pointer");
    }
}

// That a packed network has the weights which the call's input needs.
void check_packing(const SpikingNetwork& network, const Settings& settings, const Call& call) {
    const std::optional<Encoding> packed_for = network.packed_for();
    if (!packed_for) {
        return;
    }
    const bool needs_spikes = call.spikes != nullptr || settings.encoding != Encoding::Constant;
    if (needs_spikes == (*packed_for == Encoding::Constant)) {
        const std::string given =
            call.spikes != nullptr ? "given as spikes" : name_of(settings.encoding);
        throw std::invalid_argument("input is " + given + ", but the network is packed for " +
                                    name_of(*packed_for) + " input");
    }
}

void check(const SpikingNetwork& network, const Settings& settings, const Call& call) {
    check_packing(network, settings, call);
    if (call.num_steps < 0 || call.num_steps > detail::kMaxSteps - call.first_step) {
        throw std::invalid_argument("num_steps is " + std::to_string(call.num_steps) +
                                    ", expected at least 0 and at most 2^34 in all");
    }
    if (call.x != nullptr || call.spikes == nullptr) {
        check_pointer(call.x, settings.num_samples > 0, "x");
        detail::check_intensities(call.x, settings.num_samples, network.description());
    } else if (call.are_unsigned) {
        detail::check_spikes(reinterpret_cast<const std::uint8_t*>(call.spikes), call.num_steps,
                             settings.num_samples, network.num_inputs());
    } else {
        detail::check_spikes(call.spikes, call.num_steps, settings.num_samples,
                             network.num_inputs(), network.description().input.is_signed);
    }
}

// What options say of a call that is driven by intensities.
Call make_call(const SimulationOptions& options, const float* x) {
    Call call;
    call.x = x;
    call.probability_scale = detail::checked_probability_scale(options.dt, options.max_rate);
    call.bias_scale = call.probability_scale;
    return call;
}

// Of a call that is driven by spike trains.
Call make_call(const SimulationOptions& options, const std::int8_t* spikes) {
    check_pointer(spikes, true, "spikes");
    detail::check_bias_scale(options.bias_scale);
    Call call;
    call.spikes = spikes;
    call.bias_scale = options.bias_scale;
    return call;
}

// Numbers of either type that are 0 or 1 are the same bytes.
Call make_call(const SimulationOptions& options, const std::uint8_t* spikes) {
    Call call = make_call(options, reinterpret_cast<const std::int8_t*>(spikes));
    call.are_unsigned = true;
    return call;
}

void run_call(const SpikingNetwork& network, const SimulationOptions& options,
              const Settings& settings, Call call, detail::Session& session,
              SimulationResult& result) {
    call.num_threads = detail::resolve_num_threads(options.num_threads);
    check(network, settings, call);
    detail::prepare_result(network, settings.recording, settings.num_samples, call.first_step,
                           call.num_steps, call.probability_scale, result);
    detail::Watch watch(
        options.progress, options.should_stop,
        static_cast<double>(settings.num_samples) * static_cast<double>(call.num_steps));
    session.run(call, watch, result);
}

SimulationResult run_once(const SpikingNetwork& network, std::int64_t num_samples,
                          const SimulationOptions& options, Call call) {
    const Settings settings = detail::make_settings(network, num_samples, options);
    const auto program = detail::compile(network);
    const auto session = program->open(settings, false);
    SimulationResult result;
    run_call(network, options, settings, call, *session, result);
    return result;
}

SimulationOptions checked_for_state(SimulationOptions options) {
    if (options.stop_margin != 0.0) {
        throw std::invalid_argument("stop_margin is " + detail::to_text(options.stop_margin) +
                                    ", but a Simulation keeps the state of every sample to " +
                                    "its last step: expected 0");
    }
    return options;
}

}  // namespace

struct Simulation::State {
    State(const SpikingNetwork& given_network, std::int64_t num_samples,
          SimulationOptions given_options)
        : network(given_network),
          options(checked_for_state(std::move(given_options))),
          settings(detail::make_settings(network, num_samples, options)),
          program(detail::compile(network)),
          session(program->open(settings, true)),
          spike_counts(detail::to_size(num_samples * network.num_outputs())) {}

    void run(Call call, std::int64_t num_steps, SimulationResult& result) {
        call.first_step = next_step;
        call.num_steps = num_steps;
        run_call(network, options, settings, call, *session, result);
        // Only now is nothing left that could fail.
        next_step += num_steps;
        detail::add_spike_counts(result, spike_counts);
    }

    SpikingNetwork network;  // keeps the program's weights alive
    SimulationOptions options;
    Settings settings;
    std::shared_ptr<const detail::Program> program;
    std::unique_ptr<detail::Session> session;
    std::int64_t next_step = 0;
    std::vector<std::int32_t> spike_counts;
};

Simulation::Simulation(const SpikingNetwork& network, std::int64_t num_samples,
                       SimulationOptions options)
    : state_([&] {
          const detail::FloatMode mode;
          return std::make_unique<State>(network, num_samples, std::move(options));
      }()) {}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;

SimulationResult Simulation::run(const float* x, std::int64_t num_steps) {
    SimulationResult result;
    run(x, num_steps, result);
    return result;
}

void Simulation::run(const float* x, std::int64_t num_steps, SimulationResult& result) {
    const detail::FloatMode mode;
    state_->run(make_call(state_->options, x), num_steps, result);
}

SimulationResult Simulation::run_spikes(const std::uint8_t* spikes, std::int64_t num_steps) {
    SimulationResult result;
    run_spikes(spikes, num_steps, result);
    return result;
}

void Simulation::run_spikes(const std::uint8_t* spikes, std::int64_t num_steps,
                            SimulationResult& result) {
    const detail::FloatMode mode;
    state_->run(make_call(state_->options, spikes), num_steps, result);
}

SimulationResult Simulation::run_spikes(const std::int8_t* spikes, std::int64_t num_steps) {
    SimulationResult result;
    run_spikes(spikes, num_steps, result);
    return result;
}

void Simulation::run_spikes(const std::int8_t* spikes, std::int64_t num_steps,
                            SimulationResult& result) {
    const detail::FloatMode mode;
    state_->run(make_call(state_->options, spikes), num_steps, result);
}

void Simulation::reset() {
    state_->next_step = 0;
    state_->session->reset();
    std::fill(state_->spike_counts.begin(), state_->spike_counts.end(), 0);
}

SimulationState Simulation::state() const {
    SimulationState state;
    state.next_step = state_->next_step;
    for (std::int64_t k = 0; k < detail::size_of(state_->network.num_neurons()); ++k) {
        state.populations.push_back(state_->session->state(k));
    }
    state.spike_counts = state_->spike_counts;
    return state;
}

void Simulation::restore(const SimulationState& state) {
    const detail::FloatMode mode;
    detail::check_state(state_->network, state_->settings, state);
    if (state.next_step == 0) {
        reset();
        return;
    }
    std::vector<std::int32_t> counts = state.spike_counts;
    state_->session->restore(state.populations);
    state_->next_step = state.next_step;
    state_->spike_counts = std::move(counts);
}

std::int64_t Simulation::num_samples() const noexcept { return state_->settings.num_samples; }

std::int64_t Simulation::next_step() const noexcept { return state_->next_step; }

const std::vector<std::int32_t>& Simulation::spike_counts() const noexcept {
    return state_->spike_counts;
}

std::vector<float> Simulation::membrane_potential(std::int64_t population) const {
    const std::int64_t num_populations = detail::size_of(state_->network.num_neurons());
    if (population < 0 || population >= num_populations) {
        throw std::invalid_argument("population is " + std::to_string(population) +
                                    ", expected a position below " +
                                    std::to_string(num_populations));
    }
    const Population& of = state_->network.description().populations.data()[population];
    if (of.neuron == NeuronModel::MaxPool) {
        throw std::invalid_argument("population '" + of.name +
                                    "' is a max pool, which has no membrane potential");
    }
    return state_->session->state(population).potential;
}

SimulationResult simulate(const SpikingNetwork& network, const float* x, std::int64_t num_samples,
                          const SimulationOptions& options) {
    const detail::FloatMode mode;
    Call call = make_call(options, x);
    call.num_steps = options.num_steps;
    return run_once(network, num_samples, options, call);
}

SimulationResult simulate_spikes(const SpikingNetwork& network, const std::uint8_t* spikes,
                                 std::int64_t num_steps, std::int64_t num_samples,
                                 const SimulationOptions& options) {
    const detail::FloatMode mode;
    Call call = make_call(options, spikes);
    call.num_steps = num_steps;
    return run_once(network, num_samples, options, call);
}

SimulationResult simulate_spikes(const SpikingNetwork& network, const std::int8_t* spikes,
                                 std::int64_t num_steps, std::int64_t num_samples,
                                 const SimulationOptions& options) {
    const detail::FloatMode mode;
    Call call = make_call(options, spikes);
    call.num_steps = num_steps;
    return run_once(network, num_samples, options, call);
}

}  // namespace pysnn
