// Average pooling: every spike of the window adds its channel's weight. So do identity synapses,
// whose windows are one pixel, and depthwise convolutions, whose weights differ by tap.

template <int kVectors>
PYSNN_INLINE void add_windows(const PoolArguments& a, std::int64_t step, std::int64_t column,
                              int first, int count, const Floats (&weight)[kVectors],
                              Floats (&sum)[kVectors]) {
    for (int window = first; window < first + count; ++window) {
        // In two shifts: behind the last channel they add up to 64 or more.
        const std::uint64_t mask = a.windows[window][step] >> a.shifts[window] >> column;
        for (int i = 0; i < kVectors; ++i) {
            sum[i] = add_where(mask >> (i * kLanes), sum[i], weight[i]);
        }
    }
}

template <bool kIsNegative, int kVectors>
PYSNN_INLINE void add_taps(const PoolArguments& a, std::int64_t step, std::int64_t column,
                           int first, int count, Floats (&sum)[kVectors]) {
    for (int window = first; window < first + count; ++window) {
        const std::uint64_t mask = a.windows[window][step] >> a.shifts[window] >> column;
        const float* weights = a.weight + a.taps[window] * a.tap_stride + column;
        for (int i = 0; i < kVectors; ++i) {
            const Floats weight = load(weights + i * kLanes);
            sum[i] = add_where(mask >> (i * kLanes), sum[i],
                               kIsNegative ? subtract(broadcast(0.0F), weight) : weight);
        }
    }
}

template <typename Rule, int kVectors>
static std::int64_t pool_pass(const PoolArguments& arguments, std::int64_t column) {
    const PoolArguments a = arguments;
    const TileView& tile = a.tile;
    Membranes<Rule, kVectors> membranes;
    load_membranes(tile.neurons, column, membranes);
    Floats base[kVectors];
    Floats weight[kVectors];
    for (int i = 0; i < kVectors; ++i) {
        base[i] = load(typed<float>(tile.base) + column + i * kLanes);
        weight[i] = load(a.weight + column + i * kLanes);
    }
    Thresholds<kVectors> thresholds;
    load_thresholds(tile.neurons, column, thresholds);
    std::int64_t spikes = 0;
    for (std::int64_t k = 0; k < tile.num_steps; ++k) {
        const std::int64_t step = tile.steps[k];
        Floats sum[kVectors];
        load_start(tile, step, column, base, sum);
        if (a.taps != nullptr) {
            add_taps<false>(a, step, column, 0, a.num_windows, sum);
            add_taps<true>(a, step, column, a.num_windows, a.num_negative_windows, sum);
        } else {
            add_windows(a, step, column, 0, a.num_windows, weight, sum);
        }
        if (a.taps == nullptr && a.num_negative_windows > 0) {
            Floats taken[kVectors];
            for (int i = 0; i < kVectors; ++i) {
                taken[i] = subtract(broadcast(0.0F), weight[i]);
            }
            add_windows(a, step, column, a.num_windows, a.num_negative_windows, taken, sum);
        }
        if (tile.carry_out != nullptr) {
            store_carry(tile, step, column, sum);
        } else {
            spikes += finish_step(tile, step, column, sum, thresholds, membranes);
        }
    }
    store_membranes(tile.neurons, column, membranes);
    return spikes;
}

template <typename Rule>
struct PoolPasses {
    static std::int64_t run(const PoolArguments& a) {
        std::int64_t spikes = 0;
        if (pool_in_bytes<Rule>(a, spikes)) {
            return spikes;
        }
        std::int64_t column = 0;
        for (; column + 64 <= a.tile.width && 4 * kVectorsOf16 <= kPassVectors; column += 64) {
            spikes += pool_pass<Rule, at_most(4 * kVectorsOf16, kPassVectors)>(a, column);
        }
        for (; column + 32 <= a.tile.width && kVectorsOf16 < kPassVectors; column += 32) {
            spikes += pool_pass<Rule, 2 * kVectorsOf16>(a, column);
        }
        for (; column < a.tile.width; column += 16) {
            spikes += pool_pass<Rule, kVectorsOf16>(a, column);
        }
        return spikes;
    }
};

static std::int64_t pool(const PoolArguments& a) { return dispatch_tile<PoolPasses>(a.tile, a); }
