// Neurons that lose a share of their potential in every step, before they take in its current, with
// the reset of another rule.

template <typename Reset>
struct Leaky : Reset {
    static constexpr NeuronTraits kTraits{/*may_rest=*/false, Reset::kTraits.subtracts,
                                          /*sends_negatives=*/false, /*runs_in_tiles=*/false};
    static constexpr bool kLeaks = true;

    template <typename Values>
    static constexpr bool kRunsIn = Values::kMultiplies && Reset::template kRunsIn<Values>;

    template <typename Values>
    struct State : Reset::template State<Values> {
        typename Values::Value kept;  // the factor that leaking leaves
    };

    PYSNN_INLINE void load_state(const NeuronView& neurons, std::int64_t at,
                                 State<FloatValues>& state) {
        Reset::load_state(neurons, at, state);
        state.kept = load(neurons.leak + at);
    }

    template <typename Values>
    PYSNN_INLINE void leak(State<Values>& state) {
        state.potential = Values::product(state.kept, state.potential);
    }
};
