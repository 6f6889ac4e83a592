// The names of the neuron rules, and what a plan must know of a rule.
#pragma once

namespace pysnn::detail {

/// What a neuron does with its potential in a step. Each rule is one policy of the kernels, see
/// rules.inl.
enum class NeuronRule {
    ResetToZero,
    ResetBySubtraction,
    Signed,
    Bipolar,
    LeakyResetToZero,
    LeakyResetBySubtraction,
    Readout,
};

/// What follows from a rule for those who call the kernels.
struct NeuronTraits {
    /// Whether a step without current changes nothing: firing leaves every membrane below its
    /// threshold, and what is below stays as it is.
    bool may_rest;
    /// Whether firing takes the threshold off, so that membranes stay whole numbers of a unit only
    /// where thresholds are that.
    bool subtracts;
    /// Whether its neurons may send negative spikes.
    bool sends_negatives = false;
    /// Whether the kernels that sum weights have it. Rules that few networks need are left to
    /// Kernels::membranes, which every rule has.
    bool runs_in_tiles = true;
};

}  // namespace pysnn::detail
