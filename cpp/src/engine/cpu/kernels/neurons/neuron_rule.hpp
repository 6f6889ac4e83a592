// The names of the neuron rules, and what a plan must know of a rule.
#pragma once

namespace pysnn::detail {

/// What a neuron does with its potential in a step. Each rule is one policy of the kernels, see
/// rules.inl.
enum class NeuronRule {
    ResetToZero,
    ResetBySubtraction,
};

/// What follows from a rule for those who call the kernels.
struct NeuronTraits {
    /// Whether a step without current changes nothing: firing leaves every membrane below its
    /// threshold, and what is below stays as it is.
    bool may_rest;
    /// Whether firing takes the threshold off, so that membranes stay whole numbers of a unit only
    /// where thresholds are that.
    bool subtracts;
};

}  // namespace pysnn::detail
