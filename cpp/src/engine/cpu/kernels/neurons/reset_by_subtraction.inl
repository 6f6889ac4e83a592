// Integrate-and-fire neurons that keep what exceeds the threshold, and may fire on it without
// input.

struct ResetBySubtraction : Integrate {
    static constexpr NeuronTraits kTraits{/*may_rest=*/false, /*subtracts=*/true};

    template <typename Values>
    static constexpr bool kRunsIn = Values::kSubtracts;

    template <typename Values>
    PYSNN_INLINE typename Values::Spikes fire(typename Values::Value bound,
                                              const Settings<Values>& /*settings*/,
                                              State<Values>& state) {
        const typename Values::Spikes fires = Values::reaches(state.potential, bound);
        state.potential = Values::lowered(fires, state.potential, bound);
        return fires;
    }
};
