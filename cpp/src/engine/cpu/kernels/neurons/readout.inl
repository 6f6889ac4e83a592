// Neurons that only add up: their potential is what the network says.

struct Readout : Integrate {
    static constexpr NeuronTraits kTraits{/*may_rest=*/false, /*subtracts=*/false,
                                          /*sends_negatives=*/false, /*runs_in_tiles=*/false};
    static constexpr bool kMayBeRefractory = false;

    template <typename Values>
    static constexpr bool kRunsIn = true;

    template <typename Values>
    PYSNN_INLINE typename Values::Spikes fire(typename Values::Value /*bound*/,
                                              const Settings<Values>& /*settings*/,
                                              State<Values>& /*state*/) {
        return Values::nobody();
    }
};
