// Simulation of a batch in one call or in many, and its results.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <pysnn/export.hpp>
#include <pysnn/input.hpp>
#include <pysnn/record.hpp>
#include <pysnn/spiking_network.hpp>
#include <string>
#include <vector>

namespace pysnn {

/// The stimulus, and how to run and what to keep.
struct SimulationOptions : Stimulus {
    std::int64_t num_steps = 100;  // read by simulate() on input intensities only
    RecordOptions record;
    // An approximation: a sample ends when its leading class has stop_margin more output spikes
    // than the runner-up, looked at after every stop_interval steps. Where the output is a readout,
    // it is the difference of their potentials times SimulationResult::output_scale, once the
    // readout has begun. 0: every sample runs to the end. Not for a Simulation.
    double stop_margin = 0.0;
    std::int64_t stop_interval = 16;
    int num_threads = 0;  // 0: as default_num_threads() says

    // Both are called on the calling thread only, while it computes, several times a second.
    std::function<void(double fraction)> progress;
    std::function<bool()> should_stop;  // true: give up with Interrupted
};

/// Spikes of a batch over some steps.
struct PYSNN_API SimulationResult {
    std::int64_t first_step = 0;  // step of the simulation that this result begins with
    std::int64_t num_steps = 0;
    std::int64_t num_samples = 0;
    std::int64_t num_outputs = 0;
    std::int64_t num_populations = 0;
    std::vector<std::uint8_t>
        output_spikes;  // (num_samples, num_steps, ceil(num_outputs / 8)), low bit first
    // As output_spikes, those of -1; empty where the output population can't send them.
    std::vector<std::uint8_t> output_negative_spikes;
    // (num_samples, num_steps, num_outputs): of a readout, after each step; empty without one.
    std::vector<float> output_potentials;
    // What an output's rate of 1 a step stands for in the ReLU network: its scale factor, if all
    // outputs have one, by max_rate * dt where x drives the network.
    double output_scale = 1.0;
    bool is_readout = false;                     // whether the output population is one
    std::int64_t readout_delay = 0;              // its Population::delay
    std::vector<std::int64_t> num_input_spikes;  // (num_samples)
    std::vector<std::int64_t> num_spikes;        // (num_samples, num_populations)
    // (num_samples, num_populations): for every spike the synapses that it reaches, booked on the
    // population that they belong to. Synapses of weight 0 count, those cut off by a border do not
    // exist.
    std::vector<std::int64_t> synaptic_operations;
    // (num_samples): first step that was not simulated; first_step + num_steps where a sample ran
    // to its end. From this step on, spikes are 0, recorded potentials too, and nothing is counted.
    std::vector<std::int64_t> stopped_step;
    std::vector<PopulationRecord> records;  // one per population

    /// (num_samples, num_outputs): spikes of each output neuron, less negative ones.
    std::vector<std::int32_t> spike_counts() const;

    /// (num_steps, num_samples): the output neuron with the largest spike count so far, or with the
    /// largest potential of a readout; ties go to the lowest. 0 until a readout begins.
    std::vector<std::int32_t> predictions_over_time() const;

    /// (num_samples): step of the first output spike, counted from the simulation's step 0; -1 =
    /// none.
    ///
    /// Throws:
    ///     std::invalid_argument: the output is a readout, which does not spike.
    std::vector<std::int64_t> first_spike_step() const;

    /// (num_samples, num_outputs): the readout's potentials after a sample's last step, times
    /// output_scale, by the steps that it has added since the simulation's step 0: outputs in the
    /// units of the ReLU network. 0 where it has added none.
    ///
    /// Throws:
    ///     std::invalid_argument: the output is no readout.
    std::vector<double> outputs() const;
};

/// The neurons of a population at the end of a step.
struct PopulationState {
    std::vector<float> potential;  // (num_samples, num_neurons); empty of a max pool
    // As potential: steps for which input is still dropped. Empty without a refractory period.
    std::vector<std::int32_t> refractory_steps_left;
    // (num_samples, num_neurons): spikes sent so far, less negative ones. Of Signed and MaxPool.
    std::vector<std::int32_t> spike_counts;
    // (num_samples, neurons of the source): spikes received so far, less negative ones. Of MaxPool.
    std::vector<std::int32_t> source_counts;
};

/// Where a Simulation stands: all that its next steps depend on beside its network and options.
struct SimulationState {
    std::int64_t next_step = 0;
    std::vector<PopulationState> populations;
    std::vector<std::int32_t> spike_counts;  // (num_samples, num_outputs) since step 0
};

/// A batch of samples whose membrane potentials are kept from one call to the next.
///
/// Two calls of n and m steps give the spikes of one call of n + m steps. A call that throws leaves
/// the state as it was before. Not safe to use from two threads at once.
class PYSNN_API Simulation {
  public:
    /// Args:
    ///     options: num_steps is not read here; record, progress and should_stop hold for every
    ///     call; stop_margin must be 0, as a sample that ended early has no state to go on from.
    ///
    /// Throws:
    ///     std::invalid_argument: a value is out of its range, or a recorded population does not
    ///     exist.
    Simulation(const SpikingNetwork& network, std::int64_t num_samples, SimulationOptions options);
    ~Simulation();
    Simulation(Simulation&&) noexcept;
    Simulation& operator=(Simulation&&) noexcept;

    /// Simulates num_steps more steps under input of options.encoding.
    ///
    /// Args:
    ///     x: (num_samples, num_inputs), in the network's InputRange; may differ from call to call.
    ///
    /// Throws:
    ///     std::invalid_argument: num_steps or a value of x is out of its range, or the network is
    ///     packed for other input.
    ///     Interrupted: options.should_stop returned true.
    SimulationResult run(const float* x, std::int64_t num_steps);

    /// As run(), into a result whose memory is used again: with the same number of steps, calls
    /// after the first allocate nothing on one thread, whatever the input becomes. (Only a
    /// population that has more than 2^15 spikes in 128 steps may need more memory later.)
    void run(const float* x, std::int64_t num_steps, SimulationResult& result);

    /// Simulates num_steps more steps under given spike trains. Throws as run() does.
    ///
    /// Args:
    ///     spikes: (num_steps, num_samples, num_inputs), 0 or 1.
    SimulationResult run_spikes(const std::uint8_t* spikes, std::int64_t num_steps);
    void run_spikes(const std::uint8_t* spikes, std::int64_t num_steps, SimulationResult& result);

    /// As above, under spikes of -1, 0 or 1; -1 only where the network's input is signed.
    SimulationResult run_spikes(const std::int8_t* spikes, std::int64_t num_steps);
    void run_spikes(const std::int8_t* spikes, std::int64_t num_steps, SimulationResult& result);

    /// Goes back to step 0 and the initial membrane potentials.
    void reset();

    /// Where it stands, as plain data.
    SimulationState state() const;

    /// Goes on from a state that state() gave, of this or another Simulation of the same network,
    /// number of samples and options.
    ///
    /// Throws:
    ///     std::invalid_argument: the state is not one that such a simulation can be in. This one
    ///     stays as it was.
    void restore(const SimulationState& state);

    std::int64_t num_samples() const noexcept;

    /// Steps simulated so far, since the beginning or the last reset().
    std::int64_t next_step() const noexcept;

    /// (num_samples, num_outputs): spikes of each output neuron since step 0, less negative ones.
    const std::vector<std::int32_t>& spike_counts() const noexcept;

    /// (num_samples, num_neurons) of a population, by its position in the description.
    ///
    /// Throws:
    ///     std::invalid_argument: there is no population at that position, or it is a max pool.
    std::vector<float> membrane_potential(std::int64_t population) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Simulates a batch of inputs and keeps the spikes of every output neuron.
///
/// Samples are independent and are shared among threads, and sums are exact. The spikes are
/// therefore bit-identical for any number of threads, and for a batch split in parts that keep
/// their sample_ids; where options.stop_margin ends a sample early depends on that sample alone.
///
/// Args:
///     x: (num_samples, num_inputs), in the network's InputRange: a fraction of options.max_rate
///     in [0, 1] unless the network says otherwise.
///
/// Throws:
///     std::invalid_argument: a value is out of its range, a recorded population does not exist, or
///     the network is packed for other input.
///     Interrupted: options.should_stop returned true.
PYSNN_API SimulationResult simulate(const SpikingNetwork& network, const float* x,
                                    std::int64_t num_samples, const SimulationOptions& options);

/// As simulate(), under given spike trains. Throws as simulate() does.
///
/// Args:
///     spikes: (num_steps, num_samples, num_inputs), 0 or 1.
PYSNN_API SimulationResult simulate_spikes(const SpikingNetwork& network,
                                           const std::uint8_t* spikes, std::int64_t num_steps,
                                           std::int64_t num_samples,
                                           const SimulationOptions& options);

/// As above, under spikes of -1, 0 or 1; -1 only where the network's input is signed.
PYSNN_API SimulationResult simulate_spikes(const SpikingNetwork& network, const std::int8_t* spikes,
                                           std::int64_t num_steps, std::int64_t num_samples,
                                           const SimulationOptions& options);

}  // namespace pysnn
