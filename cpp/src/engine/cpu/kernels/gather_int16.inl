// As gather.inl, with 16-bit weights: half the memory traffic, twice the columns a vector.
//
// Sums are taken modulo 2^16, which is exact because the finished sum of a step needs 15 bits and a
// sign. Membranes are the same float32 arithmetic: an integer times the grid, a power of two, is
// exact, so multiply_add() rounds once, as the plain addition of the current does. Membranes that
// are whole numbers of the grid, as all are that begin at 0, need no rounding: they are integers
// then, which take fewer instructions.

constexpr int kShortPass = kShortPassVectors * kShortLanes / 16;  // times 16 columns of a pass

/// Vectors that hold so many times 16 numbers; the last may be half full.
constexpr int short_vectors(int sixteens) {
    return (sixteens * 16 + kShortLanes - 1) / kShortLanes;
}

template <int kSixteens>
PYSNN_INLINE void load_row_int16(const std::int16_t* row, Shorts (&to)[short_vectors(kSixteens)]) {
    for (int i = 0; i < short_vectors(kSixteens); ++i) {
        to[i] = load_shorts(row + i * kShortLanes, kSixteens * 16 - i * kShortLanes);
    }
}

template <int kSixteens>
PYSNN_INLINE void add_row_int16(const std::int16_t* row, Shorts (&sum)[short_vectors(kSixteens)]) {
    for (int i = 0; i < short_vectors(kSixteens); ++i) {
        sum[i] = add_shorts(sum[i],
                            load_shorts(row + i * kShortLanes, kSixteens * 16 - i * kShortLanes));
        add_in_place(sum[i]);
    }
}

template <int kSixteens>
PYSNN_INLINE void add_events_int16(const GatherArguments& a, const StepEvents& now,
                                   std::int64_t column, Shorts (&sum)[short_vectors(kSixteens)]) {
    constexpr std::int64_t kWidth = kSixteens * 16;
    const std::int16_t* rows = typed<std::int16_t>(a.rows.data) + column * a.rows.num_rows;
    const std::int16_t* weight = rows + a.first_row * kWidth;
    const std::uint16_t* event = now.event;
    std::int64_t count = now.count;
    for (; count >= 2; count -= 2, event += 2) {
        add_row_int16<kSixteens>(weight + event[0] * kWidth, sum);
        add_row_int16<kSixteens>(weight + event[1] * kWidth, sum);
    }
    const std::int64_t odd = -count;
    add_row_int16<kSixteens>(
        weight + ((event[0] & odd) | ((a.zero_row - a.first_row) & ~odd)) * kWidth, sum);
}

/// Membranes in units of their grids, and the highest that do not fire.
template <typename Rule, int kVectors>
struct WholeMembranes {
    StateOf<Rule, IntegerValues> state[kVectors];
    Ints limit[kVectors];
};

/// False where some membrane is no whole number of its grid, or could leave the range in which
/// float32 adds without rounding before the chunk ends.
template <typename Rule, int kVectors>
PYSNN_INLINE bool load_whole_membranes(const GatherArguments& a, std::int64_t column,
                                       WholeMembranes<Rule, kVectors>& membranes) {
    constexpr std::uint64_t kAll = (std::uint64_t{1} << kLanes) - 1;
    const Floats most = broadcast((1 << 24) - kMaxChunk * (1 << 15));
    const Floats least = subtract(broadcast(0.0F), most);
    for (int i = 0; i < kVectors; ++i) {
        const std::int64_t at = column + i * kLanes;
        const Floats units = divide(load(a.tile.neurons.potential + at), load(a.grid + at));
        if ((bits(at_least(most, units)) & bits(at_least(units, least))) != kAll) {
            return false;
        }
        membranes.state[i].potential = to_ints(units);
        const Floats whole = to_floats(membranes.state[i].potential);
        if ((bits(at_least(whole, units)) & bits(at_least(units, whole))) != kAll) {
            return false;
        }
        membranes.limit[i] = load_ints(a.limit + at);
    }
    return true;
}

/// The rule for integers.
template <typename Rule, int kVectors>
struct FiresWhole {
    const Shorts (&sum)[(kVectors + 1) / 2];
    const SettingsOf<Rule, IntegerValues> settings;
    WholeMembranes<Rule, kVectors>& membranes;

    PYSNN_ALWAYS_INLINE Mask operator()(int i) const {
        return step_neurons<Rule, IntegerValues>(to_ints(sum[i / 2], i % 2), membranes.limit[i],
                                                 settings, membranes.state[i]);
    }
};

template <typename Rule, int kSixteens>
PYSNN_NOINLINE static std::int64_t gather_whole_pass(
    const GatherArguments& arguments, std::int64_t column,
    const WholeMembranes<Rule, kSixteens * kVectorsOf16>& loaded) {
    constexpr int kVectors = short_vectors(kSixteens);
    constexpr int kWholeVectors = kSixteens * kVectorsOf16;
    const GatherArguments a = copy_of<true>(arguments);
    const TileView& tile = a.tile;
    WholeMembranes<Rule, kWholeVectors> membranes = loaded;
    Shorts base[kVectors];
    load_row_int16<kSixteens>(typed<std::int16_t>(tile.base) + column, base);
    std::int64_t spikes = 0;
    StepEvents next = step_events(a, 0);
    for (std::int64_t k = 0; k < tile.num_steps; ++k) {
        const StepEvents now = next;
        next = step_events(a, k + 1);
        Shorts sum[kVectors];
        for (int i = 0; i < kVectors; ++i) {
            sum[i] = base[i];
        }
        add_events_int16<kSixteens>(a, now, column, sum);
        const FiresWhole<Rule, kWholeVectors> fires{
            sum, SettingsOf<Rule, IntegerValues>(tile.neurons), membranes};
        spikes += keep_spikes<kWholeVectors>(tile, tile.masks, now.step, column, fires);
    }
    for (int i = 0; i < kWholeVectors; ++i) {
        const std::int64_t at = column + i * kLanes;
        store(tile.neurons.potential + at,
              multiply(to_floats(membranes.state[i].potential), load(a.grid + at)));
    }
    return spikes;
}

template <typename Rule, int kSixteens>
PYSNN_NOINLINE static std::int64_t gather_float_pass(const GatherArguments& arguments,
                                                     std::int64_t column) {
    const GatherArguments a = arguments;
    constexpr int kVectors = short_vectors(kSixteens);
    constexpr int kFloatVectors = kSixteens * kVectorsOf16;
    const TileView& tile = a.tile;
    Membranes<Rule, kFloatVectors> membranes;
    load_membranes(tile.neurons, column, membranes);
    Thresholds<kFloatVectors> thresholds;
    load_thresholds(tile.neurons, column, thresholds);
    Shorts base[kVectors];
    load_row_int16<kSixteens>(typed<std::int16_t>(tile.base) + column, base);
    std::int64_t spikes = 0;
    StepEvents next = step_events(a, 0);
    for (std::int64_t k = 0; k < tile.num_steps; ++k) {
        const StepEvents now = next;
        next = step_events(a, k + 1);
        Shorts sum[kVectors];
        for (int i = 0; i < kVectors; ++i) {
            sum[i] = tile.carry_in == nullptr ? base[i] : no_shorts();
        }
        add_events_int16<kSixteens>(a, now, column, sum);
        Floats current[kFloatVectors];
        for (int i = 0; i < kFloatVectors; ++i) {
            const Floats grid = load(a.grid + column + i * kLanes);
            const Floats before = tile.carry_in == nullptr
                                      ? broadcast(0.0F)
                                      : load_carry(tile, now.step, column + i * kLanes);
            current[i] = multiply_add(to_floats(to_ints(sum[i / 2], i % 2)), grid, before);
        }
        if (tile.carry_out != nullptr) {
            store_carry(tile, now.step, column, current);
        } else {
            spikes += finish_step(tile, now.step, column, current, thresholds, membranes);
        }
    }
    store_membranes(tile.neurons, column, membranes);
    return spikes;
}

template <typename Rule, int kSixteens>
static std::int64_t gather_int16_pass(const GatherArguments& a, std::int64_t column) {
    if constexpr (Rule::template kRunsIn<IntegerValues>) {
        WholeMembranes<Rule, kSixteens * kVectorsOf16> membranes;
        if (a.limit != nullptr && is_plain(a.tile) && load_whole_membranes(a, column, membranes)) {
            return gather_whole_pass<Rule, kSixteens>(a, column, membranes);
        }
    }
    return gather_float_pass<Rule, kSixteens>(a, column);
}

template <typename Rule>
struct GatherInt16Passes {
    static std::int64_t run(const GatherArguments& a) {
        std::int64_t spikes = 0;
        std::int64_t column = 0;
        for (; column + kShortPass * 16 <= a.tile.width; column += kShortPass * 16) {
            spikes += gather_int16_pass<Rule, kShortPass>(a, column);
        }
        return spikes + run_rest<kShortPass - 1>(a, column);
    }

    /// What is left is a multiple of 16 columns and less than a pass.
    template <int kSixteens>
    static std::int64_t run_rest(const GatherArguments& a, std::int64_t column) {
        if constexpr (kSixteens > 0) {
            return a.tile.width - column == kSixteens * 16
                       ? gather_int16_pass<Rule, kSixteens>(a, column)
                       : run_rest<kSixteens - 1>(a, column);
        }
        return 0;
    }
};

static std::int64_t gather_int16(const GatherArguments& a) {
    return a.tile.num_steps == 0 ? 0 : dispatch_tile<GatherInt16Passes>(a.tile, a);
}

/// A pass of at most kSixteens times 16 columns.
template <int kSixteens>
PYSNN_INLINE void add_rows_int16_pass(const std::int16_t* rows, std::int64_t width,
                                      const std::uint16_t* events, std::int64_t num_events,
                                      std::int16_t* sums) {
    if constexpr (kSixteens > 1) {
        if (width < kSixteens * 16) {
            add_rows_int16_pass<kSixteens - 1>(rows, width, events, num_events, sums);
            return;
        }
    }
    Shorts sum[short_vectors(kSixteens)];
    load_row_int16<kSixteens>(sums, sum);
    for (std::int64_t k = 0; k < num_events; ++k) {
        add_row_int16<kSixteens>(rows + events[k] * kSixteens * 16, sum);
    }
    for (int i = 0; i < short_vectors(kSixteens); ++i) {
        store_shorts(sums + i * kShortLanes, sum[i], kSixteens * 16 - i * kShortLanes);
    }
}

static void add_rows_int16(const TileRows& rows, std::int64_t width, const std::uint16_t* events,
                           std::int64_t num_events, std::int16_t* sums) {
    const std::int16_t* data = typed<std::int16_t>(rows.data);
    for (std::int64_t column = 0; column < width; column += kShortPass * 16) {
        add_rows_int16_pass<kShortPass>(data + column * rows.num_rows, width - column, events,
                                        num_events, sums + column);
    }
}
