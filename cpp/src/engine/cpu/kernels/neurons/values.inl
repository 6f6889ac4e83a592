// The numbers that membranes are kept as, with the operations that neuron rules are written in.
//
// A rule says what it needs of them (kRunsIn); numbers that lack an operation say so by a constant
// here, and a kernel that asks for a rule in them all the same does not compile.

/// float32, in which every rule runs. A neuron fires from its bound, which is its threshold, on.
struct FloatValues {
    using Value = Floats;
    using Spikes = Mask;
    using Counts = Ints;
    static constexpr bool kSubtracts = true;
    static constexpr bool kRests = true;
    static constexpr bool kMultiplies = true;
    static constexpr bool kHasSigns = true;

    PYSNN_INLINE Floats all(float value) { return broadcast(value); }
    PYSNN_INLINE Floats sum(Floats a, Floats b) { return add(a, b); }
    PYSNN_INLINE Floats difference(Floats a, Floats b) { return subtract(a, b); }
    PYSNN_INLINE Floats product(Floats a, Floats b) { return multiply(a, b); }
    PYSNN_INLINE Floats negated(Floats a) { return subtract(broadcast(0.0F), a); }
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

    PYSNN_INLINE Mask reaches_down(Floats potential, Floats bound) {
        return at_least(bound, potential);
    }
    PYSNN_INLINE Floats raised(Mask fires, Floats potential, Floats bound) {
        return select(fires, add(potential, bound), potential);
    }
    PYSNN_INLINE Mask nobody() { return at_least(broadcast(0.0F), broadcast(1.0F)); }
    PYSNN_INLINE Mask both(Mask a, Mask b) { return both_of(a, b); }
    PYSNN_INLINE Ints counted(Mask fires, Ints counts) { return next_where(fires, counts); }
    PYSNN_INLINE Ints uncounted(Mask fires, Ints counts) { return previous_where(fires, counts); }
    PYSNN_INLINE Mask is_counted(Ints counts) { return above(counts, no_ints()); }
};

/// Whole numbers of a unit that divides the thresholds which rules take off. A neuron fires above
/// its bound.
struct IntegerValues {
    using Value = Ints;
    using Spikes = Mask;
    static constexpr bool kSubtracts = true;
    static constexpr bool kRests = false;
    static constexpr bool kMultiplies = false;
    static constexpr bool kHasSigns = false;

    PYSNN_INLINE Ints sum(Ints a, Ints b) { return add(a, b); }
    PYSNN_INLINE Mask reaches(Ints potential, Ints bound) { return above(potential, bound); }
    PYSNN_INLINE Ints zeroed(Mask fires, Ints potential) { return zero_where(fires, potential); }
    PYSNN_INLINE Ints lowered(Mask fires, Ints potential, Ints bound) {
        return subtract_where(fires, potential, next(bound));
    }
};
