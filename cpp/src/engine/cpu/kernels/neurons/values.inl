// The numbers that membranes are kept as, with the operations that neuron rules are written in.
//
// A rule says what it needs of them (kRunsIn); numbers that lack an operation say so by a constant
// here, and a kernel that asks for a rule in them all the same does not compile.

/// float32, in which every rule runs. A neuron fires from its bound, which is its threshold, on.
struct FloatValues {
    using Value = Floats;
    using Spikes = Mask;
    static constexpr bool kSubtracts = true;
    static constexpr bool kRests = true;

    PYSNN_INLINE Floats all(float value) { return broadcast(value); }
    PYSNN_INLINE Floats sum(Floats a, Floats b) { return add(a, b); }
    PYSNN_INLINE Floats difference(Floats a, Floats b) { return subtract(a, b); }
    PYSNN_INLINE Mask reaches(Floats potential, Floats bound) { return at_least(potential, bound); }
    PYSNN_INLINE Floats chosen(Mask mask, Floats if_set, Floats otherwise) {
        return select(mask, if_set, otherwise);
    }
    PYSNN_INLINE Floats zeroed(Mask fires, Floats potential) {
        return zero_where(fires, potential);
    }
    PYSNN_INLINE Floats lowered(Mask fires, Floats potential, Floats bound) {
        return select(fires, subtract(potential, bound), potential);
    }
};

/// Whole numbers of a unit that divides the thresholds which rules take off. A neuron fires above
/// its bound.
struct IntegerValues {
    using Value = Ints;
    using Spikes = Mask;
    static constexpr bool kSubtracts = true;
    static constexpr bool kRests = false;

    PYSNN_INLINE Ints sum(Ints a, Ints b) { return add(a, b); }
    PYSNN_INLINE Mask reaches(Ints potential, Ints bound) { return above(potential, bound); }
    PYSNN_INLINE Ints zeroed(Mask fires, Ints potential) { return zero_where(fires, potential); }
    PYSNN_INLINE Ints lowered(Mask fires, Ints potential, Ints bound) {
        return subtract_where(fires, potential, next(bound));
    }
};
