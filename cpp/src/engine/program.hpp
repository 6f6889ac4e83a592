// The seam between a network and what runs it: an engine compiles the one to a Program.
#pragma once

#include <cstdint>
#include <memory>
#include <pysnn/simulation.hpp>

#include "base/watch.hpp"
#include "engine/settings.hpp"

namespace pysnn::detail {

/// What one call of a simulation asks for, checked. Arrays are those of the public interface.
struct Call {
    std::int64_t first_step = 0;
    std::int64_t num_steps = 0;
    const float* x = nullptr;  // one of x and spikes
    const std::int8_t* spikes = nullptr;
    bool are_unsigned = false;       // the caller has spikes as std::uint8_t, 0 or 1
    double probability_scale = 1.0;  // max_rate * dt, of intensities
    double bias_scale = 1.0;         // factor on the biases
    int num_threads = 1;
};

/// Runs the calls of one simulation, one at a time; what they need is kept from call to call.
class Session {
  public:
    Session() = default;
    virtual ~Session() = default;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Simulates the call's steps from the session's state on, and writes what was asked for.
    ///
    /// Args:
    ///     watch: is told of progress, and asked whether to end; finished at the end.
    ///     result: of the call's sizes, all counts 0.
    ///
    /// Throws:
    ///     Interrupted, or what the caller's callbacks throw: the state is that of before.
    virtual void run(const Call& call, Watch& watch, SimulationResult& result) = 0;

    /// Goes back to the initial state.
    virtual void reset() = 0;

    /// The state of a population, in the order of the public interface. Of sessions that keep it.
    virtual PopulationState state(std::int64_t population) const = 0;

    /// Goes on from a checked state. Of sessions that keep it.
    virtual void restore(const std::vector<PopulationState>& state) = 0;
};

/// A network as an engine keeps it. Immutable; many sessions may run it at once.
class Program {
  public:
    Program() = default;
    virtual ~Program() = default;
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// Args:
    ///     settings: of the network that the program was compiled from. They must outlive the
    ///     session, as must the program and its network.
    ///     keeps_state: whether the session goes on where a call ended; without, every call begins
    ///     at the initial state.
    ///
    /// Throws:
    ///     OutOfMemory: the state would not fit.
    virtual std::unique_ptr<Session> open(const Settings& settings, bool keeps_state) const = 0;
};

/// The program of a network, made at the first call and shared by the network's copies. It must not
/// outlive them all.
///
/// Throws:
///     std::invalid_argument: the environment variable PYSNN_CPU is wrong.
std::shared_ptr<const Program> compile(const SpikingNetwork& network);

/// The program of a checked and rounded description, for simulations under one encoding (spike
/// trains are as good as drawn ones). Weights that they do not need are dropped from the
/// description, population by population, as soon as they are packed. It must outlive the program.
///
/// Throws: as above.
std::shared_ptr<const Program> compile_for(SpikingNetworkDescription& description,
                                           Encoding encoding);

}  // namespace pysnn::detail
