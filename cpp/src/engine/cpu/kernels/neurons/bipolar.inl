// Neurons whose rate may have either sign: they fire negative spikes as they fire positive ones.

struct Bipolar : ResetBySubtraction {
    static constexpr NeuronTraits kTraits{/*may_rest=*/false, /*subtracts=*/true,
                                          /*sends_negatives=*/true, /*runs_in_tiles=*/false};
    static constexpr bool kMayBeRefractory = false;

    template <typename Values>
    static constexpr bool kRunsIn = Values::kHasSigns;

    template <typename Values>
    PYSNN_INLINE typename Values::Spikes fire_negative(typename Values::Value bound,
                                                       State<Values>& state) {
        const typename Values::Spikes fires =
            Values::reaches_down(state.potential, Values::negated(bound));
        state.potential = Values::raised(fires, state.potential, bound);
        return fires;
    }
};
