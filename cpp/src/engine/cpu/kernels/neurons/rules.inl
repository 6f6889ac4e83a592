// The list of neuron rules, and how kernels come by the policy of one.
//
// A policy has
//   kTraits            what callers of the kernels must know of it;
//   kRunsIn<Values>    whether it can be written in these numbers (values.inl);
//   State<Values>      what it takes from step to step: the `potential`, and more if it needs more;
//   Settings<Values>   what all neurons of a tile share, made of a NeuronView;
//   load_state(), store_state()   of float32 states;
//   leak()             what a step does to the state before its current comes;
//   integrate()        takes a step's current into the state;
//   fire()             tells who fires, and resets them;
//   fire_negative()    after fire(), where kTraits.sends_negatives: tells who fires a negative
//                      spike, and resets them. Nobody fires both in a step, as a positive threshold
//                      taken off a potential that reaches it leaves none below 0.
// The parts of a step are separate so that a refractory period can hold back the current alone.

// In the order of use, which is not the alphabet's.
// clang-format off
#include "integrate.inl"
#include "reset_to_zero.inl"
#include "reset_by_subtraction.inl"
#include "signed.inl"
#include "bipolar.inl"
#include "leaky.inl"
#include "readout.inl"
#include "refractory.inl"
// clang-format on

/// Calls visit(policy) with the policy of a rule. The compiler names a rule that has no line here.
template <typename Visit>
PYSNN_INLINE auto visit_rule(NeuronRule rule, const Visit& visit) {
    switch (rule) {
        case NeuronRule::ResetToZero:
            return visit(ResetToZero{});
        case NeuronRule::ResetBySubtraction:
            return visit(ResetBySubtraction{});
        case NeuronRule::Signed:
            return visit(Signed{});
        case NeuronRule::Bipolar:
            return visit(Bipolar{});
        case NeuronRule::LeakyResetToZero:
            return visit(Leaky<ResetToZero>{});
        case NeuronRule::LeakyResetBySubtraction:
            return visit(Leaky<ResetBySubtraction>{});
        case NeuronRule::Readout:
            return visit(Readout{});
    }
    PYSNN_UNREACHABLE();
}

/// As visit_rule(), for tiles. A rule that does not run in them never meets its membranes there:
/// its tiles carry their sums out, which any other rule's do as well.
template <typename Visit>
PYSNN_INLINE auto visit_tile_rule(NeuronRule rule, const Visit& visit) {
    return visit_rule(rule, [&](auto policy) {
        if constexpr (decltype(policy)::kTraits.runs_in_tiles) {
            return visit(policy);
        } else {
            return visit(ResetToZero{});
        }
    });
}

/// Calls Pass<Policy>::run(arguments...), with or without a refractory period.
template <template <typename> class Pass, typename Policy, typename... Arguments>
static auto run_pass(bool is_refractory, const Arguments&... arguments) {
    if constexpr (Policy::kMayBeRefractory) {
        if (is_refractory) {
            return Pass<Refractory<Policy>>::run(arguments...);
        }
    }
    return Pass<Policy>::run(arguments...);
}

static NeuronTraits neuron_traits(NeuronRule rule) {
    return visit_rule(rule, [](auto policy) { return decltype(policy)::kTraits; });
}

template <typename Rule, typename Values>
using StateOf = typename Rule::template State<Values>;

template <typename Rule, typename Values>
using SettingsOf = typename Rule::template Settings<Values>;

/// One step of a vector of neurons: tells who fires.
template <typename Rule, typename Values>
PYSNN_INLINE typename Values::Spikes step_neurons(typename Values::Value current,
                                                  typename Values::Value bound,
                                                  const SettingsOf<Rule, Values>& settings,
                                                  StateOf<Rule, Values>& state) {
    static_assert(Rule::template kRunsIn<Values>, "these numbers lack an operation of the rule");
    Rule::template leak<Values>(state);
    Rule::template integrate<Values>(current, state);
    return Rule::template fire<Values>(bound, settings, state);
}
