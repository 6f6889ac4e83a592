// What rules that add their current to one potential have in common.

struct Integrate {
    static constexpr bool kIsRefractory = false;
    static constexpr bool kMayBeRefractory = true;
    static constexpr bool kLeaks = false;

    /// What a vector of neurons takes from one step to the next. A rule with more than a potential
    /// derives its own.
    template <typename Values>
    struct State {
        typename Values::Value potential;
    };

    /// What the neurons of a tile share, apart from their rule.
    template <typename Values>
    struct Settings {
        explicit Settings(const NeuronView& /*neurons*/) {}
    };

    PYSNN_INLINE void load_state(const NeuronView& neurons, std::int64_t at,
                                 State<FloatValues>& state) {
        state.potential = load(neurons.potential + at);
    }
    PYSNN_INLINE void store_state(const NeuronView& neurons, std::int64_t at,
                                  const State<FloatValues>& state) {
        store(neurons.potential + at, state.potential);
    }

    template <typename Values>
    PYSNN_INLINE void leak(State<Values>& /*state*/) {}

    template <typename Values>
    PYSNN_INLINE void integrate(typename Values::Value current, State<Values>& state) {
        state.potential = Values::sum(state.potential, current);
    }
};
