// A refractory period around any rule: for some steps after a spike the current is dropped. A
// neuron that is above its threshold still fires in them.

template <typename Rule>
struct Refractory {
    static constexpr bool kIsRefractory = true;
    static constexpr bool kLeaks = Rule::kLeaks;
    static constexpr NeuronTraits kTraits{/*may_rest=*/false, Rule::kTraits.subtracts,
                                          /*sends_negatives=*/false, Rule::kTraits.runs_in_tiles};

    template <typename Values>
    static constexpr bool kRunsIn = Values::kRests && Rule::template kRunsIn<Values>;

    template <typename Values>
    struct State : Rule::template State<Values> {
        typename Values::Value left;  // steps for which the current is dropped
    };

    template <typename Values>
    struct Settings : Rule::template Settings<Values> {
        typename Values::Value period;  // in steps

        explicit Settings(const NeuronView& neurons)
            : Rule::template Settings<Values>(neurons),
              period(Values::all(neurons.refractory_steps)) {}
    };

    PYSNN_INLINE void load_state(const NeuronView& neurons, std::int64_t at,
                                 State<FloatValues>& state) {
        Rule::load_state(neurons, at, state);
        state.left = load(neurons.refractory_left + at);
    }
    PYSNN_INLINE void store_state(const NeuronView& neurons, std::int64_t at,
                                  const State<FloatValues>& state) {
        Rule::store_state(neurons, at, state);
        store(neurons.refractory_left + at, state.left);
    }

    /// Who drops the current of this step.
    template <typename Values>
    PYSNN_INLINE typename Values::Spikes resting(const State<Values>& state) {
        return Values::reaches(state.left, Values::all(1.0F));
    }

    template <typename Values>
    PYSNN_INLINE void leak(State<Values>& state) {
        Rule::template leak<Values>(state);
    }

    template <typename Values>
    PYSNN_INLINE void integrate(typename Values::Value current, State<Values>& state) {
        const typename Values::Spikes rests = resting(state);
        const typename Values::Value before = state.potential;
        Rule::template integrate<Values>(current, state);
        state.potential = Values::chosen(rests, before, state.potential);
        const typename Values::Value one_less = Values::difference(state.left, Values::all(1.0F));
        state.left = Values::chosen(rests, one_less, state.left);
    }

    template <typename Values>
    PYSNN_INLINE typename Values::Spikes fire(typename Values::Value bound,
                                              const Settings<Values>& settings,
                                              State<Values>& state) {
        const typename Values::Spikes fires = Rule::template fire<Values>(bound, settings, state);
        state.left = Values::chosen(fires, settings.period, state.left);
        return fires;
    }
};
