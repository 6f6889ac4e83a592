// A network of spiking populations: its description, and the checked and rounded whole.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <pysnn/export.hpp>
#include <pysnn/input.hpp>
#include <pysnn/network.hpp>
#include <pysnn/synapses.hpp>
#include <string>
#include <vector>

namespace pysnn {

/// What a spike does to the membrane potential.
enum class ResetMode {
    Zero,      // v = 0, as in Diehl et al. 2015
    Subtract,  // v = v - threshold
};

/// What a neuron does with its current in a step. In all of them the current is added to the
/// potential in one rounded operation.
enum class NeuronModel {
    If,       // fires from the threshold on
    Signed,   // as If with subtraction; takes spikes back by negative ones, down to none sent
    Bipolar,  // fires a negative spike where the potential is at -threshold or below
    Leaky,    // as If, behind a decay of the potential
    Readout,  // never fires: its potential is the network's output
    MaxPool,  // has no potential: its spike count is the largest of its window's
};

/// How many bits the sum of a neuron's incoming weights may need.
enum class Precision {
    Float32,  // sum |q| <= 2^24
    Int16,    // sum |q| <= 2^15 - 1
};

/// Synapses from one source to the population that owns the projection.
struct Projection {
    std::string source;  // name of an earlier population, or kInputName
    Synapses synapses;
};

/// Neurons that share their model, their reset and their incoming projections.
///
/// Values of neurons are one for all, one per channel, or one per neuron. What the neuron model
/// does not read stays at its default.
struct Population {
    std::string name;
    Shape shape;                                 // (n) or (channels, height, width)
    std::vector<float> threshold{1.0F};          // above 0
    std::vector<float> initial_potential{0.0F};  // finite
    ResetMode reset = ResetMode::Zero;           // Subtract where the model is not If or Leaky
    double refractory_period = 0.0;  // s after a spike during which input is dropped; 0 = none
    std::vector<Projection> projections;
    // The power of two g that the incoming weights and biases are multiples of: one per channel
    // where a Conv2d or a PoolSynapses feeds the population, one per neuron otherwise. Empty in a
    // description (it is found then); 1 where all weights are 0.
    std::vector<float> grid;
    NeuronModel neuron = NeuronModel::If;
    std::vector<float> negative_threshold{0.0F};  // of Signed: at least 0
    std::vector<float> leak{1.0F};                // of Leaky: in (0, 1]
    std::int64_t delay = 0;   // of Readout: steps before it begins to add its current
    std::vector<float> bias;  // beside those of the projections: empty, per channel or per neuron
};

/// Which numbers a network takes as input.
///
/// An input x stands for x' = float64(x) * affine_scale + affine_shift, both operations rounded, or
/// for itself without an affine. It fires at the rate x' / scale * max_rate; the sign of x' is that
/// of its spikes.
struct InputRange {
    double scale = 1.0;                              // |x'| at most; above 0
    bool is_signed = false;                          // whether x' may be negative
    std::vector<double> affine_scale, affine_shift;  // both empty, one, or one per channel
};

/// Everything that a SpikingNetwork is made from.
struct SpikingNetworkDescription {
    Shape input_shape;  // (n) or (channels, height, width)
    Precision precision = Precision::Float32;
    std::vector<Population> populations;  // topological order; the last one is the output
    // One per population, the scale that normalization gave it: a firing rate of 1 per step stands
    // for this activation of the ReLU network. One value for the whole population or one per
    // channel (per neuron where its shape is (n)). Empty where it is not known.
    std::vector<std::vector<double>> scale_factors;
    // Weights of projections from the input are multiplied by its scale before their grid is found:
    // float32(float64(w) * scale). Those of a description that brings its grid are left as they
    // are.
    InputRange input;
    // What samples are meant to become, unless Stimulus::encoding says another; empty where nothing
    // is said.
    std::optional<Encoding> encoding;
    // How the network was made, for who reads it: choices of a conversion by name.
    std::map<std::string, std::string> recipe;
};

/// What rounding to the grid took from the weights of a population; biases and pools aside.
struct RoundingLoss {
    double zeroed_share = 0.0;    // of the weights other than 0: those that became 0
    double relative_error = 0.0;  // sum |w - rounded w| / sum |w|
};

namespace detail {
struct NetworkAccess;
}

/// A checked and rounded network of spiking populations, ready to simulate.
///
/// Construction rounds every neuron's incoming weights and its bias to multiples of a power of two,
/// the smallest for which no sum of them can need more bits than the precision has. Every sum of a
/// step is then exact in float32, in any order. A description that brings a grid (as a model file
/// does) is checked against it instead, so that rounding twice is the identity.
///
/// Immutable; copies share their data. Safe to use from many threads at once.
class PYSNN_API SpikingNetwork {
  public:
    /// Throws:
    ///     std::invalid_argument: names the population, what came and what was expected.
    explicit SpikingNetwork(SpikingNetworkDescription description);

    /// The description with rounded weights, filled-in pool weights and grids. What pack() dropped
    /// is empty.
    const SpikingNetworkDescription& description() const noexcept;

    std::int64_t num_inputs() const noexcept;
    std::int64_t num_outputs() const noexcept;

    /// Number of neurons of each population, in order.
    const std::vector<std::int64_t>& num_neurons() const noexcept;

    /// Whether a population can send -1: where its model is Signed or Bipolar, or MaxPool behind
    /// one that can.
    ///
    /// Throws:
    ///     std::invalid_argument: there is no population at that position.
    bool sends_negative(std::int64_t population) const;

    /// One per population; nothing where the description brought the grid, as a model file does.
    const std::vector<std::optional<RoundingLoss>>& rounding_loss() const noexcept;

    /// The encoding that the network is packed for; nothing where it has all its weights.
    std::optional<Encoding> packed_for() const noexcept;

  private:
    friend struct detail::NetworkAccess;
    struct Data;
    explicit SpikingNetwork(std::shared_ptr<Data> data) noexcept;
    std::shared_ptr<Data> data_;
};

/// True where both have the same populations and the same rounded weights, to the bit. A packed
/// network equals its copies alone.
PYSNN_API bool operator==(const SpikingNetwork& a, const SpikingNetwork& b);
inline bool operator!=(const SpikingNetwork& a, const SpikingNetwork& b) { return !(a == b); }

}  // namespace pysnn
