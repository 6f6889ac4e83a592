// The list of neuron rules, and how kernels come by the policy of one.
//
// A policy has
//   kTraits            what callers of the kernels must know of it;
//   kRunsIn<Values>    whether it can be written in these numbers (values.inl);
//   State<Values>      what it takes from step to step: the `potential`, and more if it needs more;
//   Settings<Values>   what all neurons of a tile share, made of a NeuronView;
//   load_state(), store_state()   of float32 states;
//   integrate()        takes a step's current into the state;
//   fire()             tells who fires, and resets them.
// The two halves of a step are apart so that a refractory period can hold back the first.

// In the order of use, which is not the alphabet's.
// clang-format off
#include "integrate.inl"
#include "reset_to_zero.inl"
#include "reset_by_subtraction.inl"
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
    }
    PYSNN_UNREACHABLE();
}

/// Calls Pass<policy>::run(arguments...) for neurons of a rule, with or without a refractory
/// period.
template <template <typename> class Pass, typename... Arguments>
static auto dispatch_neurons(NeuronRule rule, bool is_refractory, const Arguments&... arguments) {
    return visit_rule(rule, [&](auto policy) {
        using Policy = decltype(policy);
        return is_refractory ? Pass<Refractory<Policy>>::run(arguments...)
                             : Pass<Policy>::run(arguments...);
    });
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
    Rule::template integrate<Values>(current, state);
    return Rule::template fire<Values>(bound, settings, state);
}
