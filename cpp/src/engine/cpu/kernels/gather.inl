// Sums of weight rows, one per event: fully connected populations, and convolutions position by
// position.
//
// A pass keeps the sums and the membranes of kVectors vectors in registers from the first step to
// the last; an event costs one load and one add per vector. Few vectors take several sums each, so
// that additions need not wait for one another. Tiles wider than a pass take several passes.

/// Keeps what a narrow instruction set never runs from being compiled.
constexpr int at_most(int vectors, int limit) { return vectors < limit ? vectors : limit; }

template <int kVectors>
PYSNN_INLINE void add_row(const float* row, Floats (&sum)[kVectors]) {
    for (int i = 0; i < kVectors; ++i) {
        sum[i] = add(sum[i], load(row + i * kLanes));
    }
}

/// A step that a tile runs, and its events.
struct StepEvents {
    std::int64_t step;
    const std::uint16_t* event;
    std::int64_t count;
};

/// The k-th step of a tile. Where a step's events end nobody can predict, so kernels ask for the
/// next step before they add the events of this one: it is ready then.
PYSNN_INLINE StepEvents step_events(const GatherArguments& a, std::int64_t k) {
    const std::int64_t step = a.tile.steps[k < a.tile.num_steps ? k : k - 1];
    const std::uint32_t* range = a.offsets + step * a.offset_stride;
    return {step, a.events + range[0], std::int64_t{range[a.offset_span]} - range[0]};
}

/// A copy, which no store of a kernel can change; of a plain tile the compiler sees that it is one.
template <bool kPlain>
PYSNN_INLINE GatherArguments copy_of(const GatherArguments& arguments) {
    GatherArguments copy = arguments;
    if (kPlain) {
        copy.tile.carry_in = nullptr;
        copy.tile.carry_out = nullptr;
        copy.tile.potentials = nullptr;
    }
    return copy;
}

/// Sums that the events of a step are shared among.
template <int kVectors>
constexpr int num_sums() {
    constexpr int kFit = kPassVectors / kVectors;
    if (kFit >= 4) {
        return 4;
    }
    return kFit >= 2 || kManyRegisters ? 2 : 1;
}

template <int kVectors>
PYSNN_INLINE void add_events(const GatherArguments& a, const StepEvents& now, std::int64_t column,
                             Floats (&sum)[kVectors]) {
    constexpr int kSums = num_sums<kVectors>();
    constexpr int kAtOnce = kSums < 2 ? 2 : kSums;
    constexpr std::int64_t kWidth = kVectors * kLanes;
    const float* rows = typed<float>(a.rows.data) + column * a.rows.num_rows;
    const float* weight = rows + a.first_row * kWidth;
    const std::uint16_t* event = now.event;
    std::int64_t count = now.count;
    Floats more[kSums][kVectors];
    for (int k = 1; k < kSums; ++k) {
        for (int i = 0; i < kVectors; ++i) {
            more[k][i] = broadcast(0.0F);
        }
    }
    for (; count >= kAtOnce; count -= kAtOnce, event += kAtOnce) {
        for (int k = 0; k < kAtOnce; ++k) {
            if (k % kSums == 0) {
                add_row(weight + event[k] * kWidth, sum);
            } else {
                add_row(weight + event[k] * kWidth, more[k % kSums]);
            }
        }
    }
    if (kAtOnce == 2) {
        // An odd event, or the row of zeros, without a branch that nobody can predict. Behind the
        // last list there is room to read.
        const std::int64_t odd = -count;
        add_row(weight + ((event[0] & odd) | ((a.zero_row - a.first_row) & ~odd)) * kWidth, sum);
    } else {
        for (; count > 0; --count, ++event) {
            add_row(weight + event[0] * kWidth, sum);
        }
    }
    for (int k = 1; k < kSums; ++k) {
        for (int i = 0; i < kVectors; ++i) {
            sum[i] = add(sum[i], more[k][i]);
        }
    }
}

template <typename Rule, int kVectors, bool kPlain>
PYSNN_NOINLINE static std::int64_t gather_pass_of(const GatherArguments& arguments,
                                                  std::int64_t column) {
    const GatherArguments a = copy_of<kPlain>(arguments);
    const TileView& tile = a.tile;
    Thresholds<kVectors> thresholds;
    load_thresholds(tile.neurons, column, thresholds);
    Membranes<Rule, kVectors> membranes;
    load_membranes(tile.neurons, column, membranes);
    Floats base[kVectors];
    for (int i = 0; i < kVectors; ++i) {
        base[i] = load(typed<float>(tile.base) + column + i * kLanes);
    }
    std::int64_t spikes = 0;
    StepEvents next = step_events(a, 0);
    for (std::int64_t k = 0; k < tile.num_steps; ++k) {
        const StepEvents now = next;
        next = step_events(a, k + 1);
        Floats sum[kVectors];
        load_start(tile, now.step, column, base, sum);
        add_events(a, now, column, sum);
        if (tile.carry_out != nullptr) {
            store_carry(tile, now.step, column, sum);
        } else {
            spikes += finish_step(tile, now.step, column, sum, thresholds, membranes);
        }
    }
    store_membranes(tile.neurons, column, membranes);
    return spikes;
}

template <typename Rule, int kVectors>
static std::int64_t gather_pass(const GatherArguments& a, std::int64_t column) {
    return is_plain(a.tile) ? gather_pass_of<Rule, kVectors, true>(a, column)
                            : gather_pass_of<Rule, kVectors, false>(a, column);
}

template <typename Rule>
struct GatherPasses {
    static std::int64_t run(const GatherArguments& a) {
        constexpr std::int64_t kPass = kPassVectors * kLanes;
        std::int64_t spikes = 0;
        std::int64_t column = 0;
        for (; column + kPass <= a.tile.width; column += kPass) {
            spikes += gather_pass<Rule, kPassVectors>(a, column);
        }
        // What is left is a multiple of 16 columns and less than a pass.
        switch ((a.tile.width - column) / 16) {
            case 1:
                spikes += gather_pass<Rule, kVectorsOf16>(a, column);
                break;
            case 2:
                spikes += gather_pass<Rule, at_most(2 * kVectorsOf16, kPassVectors)>(a, column);
                break;
            case 3:
                spikes += gather_pass<Rule, at_most(3 * kVectorsOf16, kPassVectors)>(a, column);
                break;
            default:
                break;
        }
        return spikes;
    }
};

static std::int64_t gather(const GatherArguments& a) {
    return a.tile.num_steps == 0 ? 0 : dispatch_tile<GatherPasses>(a.tile, a);
}

template <int kVectors>
PYSNN_INLINE void add_rows_pass(const float* rows, const std::uint16_t* events,
                                std::int64_t num_events, float* sums) {
    Floats sum[kVectors];
    for (int i = 0; i < kVectors; ++i) {
        sum[i] = load(sums + i * kLanes);
    }
    for (std::int64_t k = 0; k < num_events; ++k) {
        add_row(rows + events[k] * kVectors * kLanes, sum);
    }
    for (int i = 0; i < kVectors; ++i) {
        store(sums + i * kLanes, sum[i]);
    }
}

static void add_rows(const TileRows& rows, std::int64_t width, const std::uint16_t* events,
                     std::int64_t num_events, float* sums) {
    constexpr std::int64_t kPass = kPassVectors * kLanes;
    const float* data = typed<float>(rows.data);
    for (std::int64_t column = 0; column < width; column += kPass) {
        const float* pass = data + column * rows.num_rows;
        switch ((width - column) / 16) {
            case 1:
                add_rows_pass<kVectorsOf16>(pass, events, num_events, sums + column);
                break;
            case 2:
                add_rows_pass<at_most(2 * kVectorsOf16, kPassVectors)>(pass, events, num_events,
                                                                       sums + column);
                break;
            case 3:
                add_rows_pass<at_most(3 * kVectorsOf16, kPassVectors)>(pass, events, num_events,
                                                                       sums + column);
                break;
            default:
                add_rows_pass<kPassVectors>(pass, events, num_events, sums + column);
                break;
        }
    }
}
