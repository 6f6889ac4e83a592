// Neurons that remember what they sent (Wang et al. 2022): while that is more than nothing, a
// potential below their lower bound takes a spike back.

struct Signed : ResetBySubtraction {
    static constexpr NeuronTraits kTraits{/*may_rest=*/false, /*subtracts=*/true,
                                          /*sends_negatives=*/true};
    static constexpr bool kMayBeRefractory = false;

    template <typename Values>
    static constexpr bool kRunsIn = Values::kHasSigns;

    template <typename Values>
    struct State : ResetBySubtraction::State<Values> {
        typename Values::Value lower;
        typename Values::Counts sent;
    };

    PYSNN_INLINE void load_state(const NeuronView& neurons, std::int64_t at,
                                 State<FloatValues>& state) {
        ResetBySubtraction::load_state(neurons, at, state);
        state.lower = load(neurons.lower + at);
        state.sent = load_ints(neurons.sent + at);
    }
    PYSNN_INLINE void store_state(const NeuronView& neurons, std::int64_t at,
                                  const State<FloatValues>& state) {
        ResetBySubtraction::store_state(neurons, at, state);
        store_ints(neurons.sent + at, state.sent);
    }

    template <typename Values>
    PYSNN_INLINE typename Values::Spikes fire(typename Values::Value bound,
                                              const Settings<Values>& settings,
                                              State<Values>& state) {
        const typename Values::Spikes fires =
            ResetBySubtraction::fire<Values>(bound, settings, state);
        state.sent = Values::counted(fires, state.sent);
        return fires;
    }
    template <typename Values>
    PYSNN_INLINE typename Values::Spikes fire_negative(typename Values::Value bound,
                                                       State<Values>& state) {
        const typename Values::Spikes fires = Values::both(
            Values::reaches_down(state.potential, state.lower), Values::is_counted(state.sent));
        state.potential = Values::raised(fires, state.potential, bound);
        state.sent = Values::uncounted(fires, state.sent);
        return fires;
    }
};
