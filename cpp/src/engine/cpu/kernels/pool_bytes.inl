// Average pooling of 64 channels in one vector of bytes: membranes as numbers of spikes, each of
// which is worth its channel's weight.

/// False where a membrane is no whole number of spikes, or one that would have fired.
PYSNN_INLINE bool load_spikes(const PoolArguments& a, Bytes limit, Bytes& membranes) {
    Ints whole[kMaskBits / kLanes];
    for (int i = 0; i < kMaskBits / kLanes; ++i) {
        const Floats potential = load(a.tile.neurons.potential + i * kLanes);
        const Floats spikes = divide(potential, load(a.weight + i * kLanes));
        whole[i] = to_ints(spikes);
        const Floats back = to_floats(whole[i]);
        const std::uint64_t equal = bits(at_least(back, spikes)) & bits(at_least(spikes, back));
        // A number that no byte holds is beyond the limit, too.
        const Ints most = from_bytes(limit, i * kLanes);
        if (equal != (std::uint64_t{1} << kLanes) - 1 || bits(above(whole[i], most)) != 0 ||
            bits(at_least(broadcast(-1.0F), spikes)) != 0) {
            return false;
        }
    }
    membranes = to_bytes(whole);
    return true;
}

template <typename Rule>
static bool pool_spikes(const PoolArguments& arguments, std::int64_t& num_spikes) {
    const PoolArguments a = arguments;
    const TileView& tile = a.tile;
    if (a.limit == nullptr || tile.width != kMaskBits || !is_plain(tile)) {
        return false;
    }
    const Bytes limit = load_bytes(a.limit);
    const SettingsOf<Rule, ByteValues> settings(tile.neurons);
    StateOf<Rule, ByteValues> state;
    if (!load_spikes(a, limit, state.potential)) {
        return false;
    }
    num_spikes = 0;
    for (std::int64_t k = 0; k < tile.num_steps; ++k) {
        const std::int64_t step = tile.steps[k];
        Bytes sum = no_bytes();
        for (int window = 0; window < a.num_windows; ++window) {
            sum = add_bits(sum, a.windows[window][step] >> a.shifts[window]);
        }
        const std::uint64_t fires = step_neurons<Rule, ByteValues>(sum, limit, settings, state);
        tile.masks[step] = fires;
        num_spikes += count_ones(fires);
    }
    for (int i = 0; i < kMaskBits / kLanes; ++i) {
        const Floats spikes = to_floats(from_bytes(state.potential, i * kLanes));
        store(tile.neurons.potential + i * kLanes, multiply(spikes, load(a.weight + i * kLanes)));
    }
    return true;
}

/// Runs a tile whose rule and membranes bytes can hold; false, and nothing done, for others.
template <typename Rule>
PYSNN_INLINE bool pool_in_bytes(const PoolArguments& arguments, std::int64_t& num_spikes) {
    if constexpr (Rule::template kRunsIn<ByteValues>) {
        return pool_spikes<Rule>(arguments, num_spikes);
    }
    return false;
}
