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
        if (equal != (std::uint64_t{1} << kLanes) - 1 ||
            bits(at_least(spikes, broadcast(127.0F))) != 0 ||
            bits(at_least(broadcast(-1.0F), spikes)) != 0) {
            return false;
        }
    }
    membranes = to_bytes(whole);
    return bytes_above(membranes, limit) == 0;
}

static bool pool_in_bytes(const PoolArguments& arguments, std::int64_t& num_spikes) {
    const PoolArguments a = arguments;
    const TileView& tile = a.tile;
    if (a.limit == nullptr || tile.width != kMaskBits || tile.neurons.refractory_left != nullptr ||
        !is_plain(tile)) {
        return false;
    }
    const Bytes limit = load_bytes(a.limit);
    Bytes membranes;
    if (!load_spikes(a, limit, membranes)) {
        return false;
    }
    num_spikes = 0;
    for (std::int64_t k = 0; k < tile.num_steps; ++k) {
        const std::int64_t step = tile.steps[k];
        Bytes sum = no_bytes();
        for (int window = 0; window < a.num_windows; ++window) {
            sum = add_bits(sum, a.windows[window][step] >> a.shifts[window]);
        }
        membranes = add_bytes(membranes, sum);
        const std::uint64_t fires = bytes_above(membranes, limit);
        membranes = zero_bytes_where(fires, membranes);
        tile.masks[step] = fires;
        num_spikes += count_ones(fires);
    }
    for (int i = 0; i < kMaskBits / kLanes; ++i) {
        store(tile.neurons.potential + i * kLanes,
              multiply(to_floats(from_bytes(membranes, i * kLanes)), load(a.weight + i * kLanes)));
    }
    return true;
}
