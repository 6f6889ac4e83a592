// Integrate-and-fire neurons that lose what exceeds the threshold.

struct ResetToZero : Integrate {
    static constexpr NeuronTraits kTraits{/*may_rest=*/true, /*subtracts=*/false};

    template <typename Values>
    static constexpr bool kRunsIn = true;

    template <typename Values>
    PYSNN_INLINE typename Values::Spikes fire(typename Values::Value bound,
                                              const Settings<Values>& /*settings*/,
                                              State<Values>& state) {
        const typename Values::Spikes fires = Values::reaches(state.potential, bound);
        state.potential = Values::zeroed(fires, state.potential);
        return fires;
    }
};
