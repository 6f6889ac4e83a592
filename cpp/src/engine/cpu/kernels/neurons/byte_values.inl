// Membranes as numbers of spikes in bytes, for rules that take nothing off: a threshold need not be
// a whole number of spikes.

/// A neuron fires above its bound.
struct ByteValues {
    using Value = Bytes;
    using Spikes = std::uint64_t;
    static constexpr bool kSubtracts = false;
    static constexpr bool kRests = false;
    static constexpr bool kMultiplies = false;
    static constexpr bool kHasSigns = false;

    PYSNN_INLINE Bytes sum(Bytes a, Bytes b) { return add_bytes(a, b); }
    PYSNN_INLINE std::uint64_t reaches(Bytes potential, Bytes bound) {
        return bytes_above(potential, bound);
    }
    PYSNN_INLINE Bytes zeroed(std::uint64_t fires, Bytes potential) {
        return zero_bytes_where(fires, potential);
    }
};
