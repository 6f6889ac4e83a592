// As gather.inl, with 16-bit weights: half the memory traffic, twice the columns a vector.
//
// Sums are taken modulo 2^16, which is exact because the finished sum of a step needs 15 bits and a
// sign. Membranes are the same float32 arithmetic: an integer times the grid, a power of two, is
// exact, so multiply_add() rounds once, as the plain addition of the current does.

template <int kVectors>
PYSNN_INLINE void add_row_int16(const std::int16_t* row, Shorts (&sum)[kVectors]) {
    for (int i = 0; i < kVectors; ++i) {
        sum[i] = add_shorts(sum[i], load_shorts(row + i * kShortLanes));
    }
}

template <int kVectors>
PYSNN_INLINE void add_events_int16(const GatherArguments& a, std::int64_t step, std::int64_t column,
                                   Shorts (&sum)[kVectors]) {
    constexpr std::int64_t kWidth = kVectors * kShortLanes;
    const std::int16_t* rows =
        static_cast<const std::int16_t*>(a.rows.data) + column * a.rows.num_rows;
    const std::int16_t* weight = rows + a.first_row * kWidth;
    const std::uint32_t* range = a.offsets + step * a.offset_stride;
    const std::uint16_t* event = a.events + range[0];
    std::int64_t count = static_cast<std::int64_t>(range[a.offset_span]) - range[0];
    for (; count >= 2; count -= 2, event += 2) {
        add_row_int16(weight + event[0] * kWidth, sum);
        add_row_int16(weight + event[1] * kWidth, sum);
    }
    const std::int64_t odd = -count;
    add_row_int16(weight + ((event[0] & odd) | ((a.zero_row - a.first_row) & ~odd)) * kWidth, sum);
}

template <int kVectors, bool kSubtract, bool kRefractory>
static std::int64_t gather_int16_pass(const GatherArguments& arguments, std::int64_t column) {
    const GatherArguments a = arguments;
    constexpr int kFloatVectors = 2 * kVectors;
    const TileView& tile = a.tile;
    Membranes<kFloatVectors, kRefractory> membranes;
    load_membranes(tile.neurons, column, membranes);
    Shorts base[kVectors];
    for (int i = 0; i < kVectors; ++i) {
        base[i] =
            load_shorts(static_cast<const std::int16_t*>(tile.base) + column + i * kShortLanes);
    }
    Floats zero[kFloatVectors];
    for (int i = 0; i < kFloatVectors; ++i) {
        zero[i] = broadcast(0.0F);
    }
    std::int64_t spikes = 0;
    for (std::int64_t k = 0; k < tile.num_steps; ++k) {
        const std::int64_t step = tile.steps[k];
        Shorts sum[kVectors];
        for (int i = 0; i < kVectors; ++i) {
            sum[i] = tile.carry_in == nullptr ? base[i] : no_shorts();
        }
        add_events_int16(a, step, column, sum);
        Floats current[kFloatVectors];
        load_start(tile, step, column, zero, current);
        for (int i = 0; i < kFloatVectors; ++i) {
            const Floats grid = load(a.grid + column + i * kLanes);
            current[i] = multiply_add(to_floats(sum[i / 2], i % 2), grid, current[i]);
        }
        if (tile.carry_out != nullptr) {
            store_carry(tile, step, column, current);
        } else {
            spikes += finish_step<kFloatVectors, kSubtract, kRefractory>(tile, step, column,
                                                                         current, membranes);
        }
    }
    store_membranes(tile.neurons, column, membranes);
    return spikes;
}

template <bool kSubtract, bool kRefractory>
struct GatherInt16Passes {
    static std::int64_t run(const GatherArguments& a) {
        constexpr std::int64_t kPass = kShortPassVectors * kShortLanes;
        std::int64_t spikes = 0;
        std::int64_t column = 0;
        for (; column + kPass <= a.tile.width; column += kPass) {
            spikes += gather_int16_pass<kShortPassVectors, kSubtract, kRefractory>(a, column);
        }
        // What is left is a multiple of 32 columns and less than a pass.
        switch ((a.tile.width - column) / 32) {
            case 1:
                spikes += gather_int16_pass<kShortsOf32, kSubtract, kRefractory>(a, column);
                break;
            case 2:
                spikes += gather_int16_pass<at_most(2 * kShortsOf32, kShortPassVectors), kSubtract,
                                            kRefractory>(a, column);
                break;
            case 3:
                spikes += gather_int16_pass<at_most(3 * kShortsOf32, kShortPassVectors), kSubtract,
                                            kRefractory>(a, column);
                break;
            default:
                break;
        }
        return spikes;
    }
};

static std::int64_t gather_int16(const GatherArguments& a) {
    return dispatch_neurons<GatherInt16Passes>(a.tile.neurons, a);
}

template <int kVectors>
PYSNN_INLINE void add_rows_int16_pass(const std::int16_t* rows, const std::uint16_t* events,
                                      std::int64_t num_events, std::int16_t* sums) {
    Shorts sum[kVectors];
    for (int i = 0; i < kVectors; ++i) {
        sum[i] = load_shorts(sums + i * kShortLanes);
    }
    for (std::int64_t k = 0; k < num_events; ++k) {
        add_row_int16(rows + events[k] * kVectors * kShortLanes, sum);
    }
    for (int i = 0; i < kVectors; ++i) {
        store_shorts(sums + i * kShortLanes, sum[i]);
    }
}

static void add_rows_int16(const TileRows& rows, std::int64_t width, const std::uint16_t* events,
                           std::int64_t num_events, std::int16_t* sums) {
    constexpr std::int64_t kPass = kShortPassVectors * kShortLanes;
    const std::int16_t* data = static_cast<const std::int16_t*>(rows.data);
    for (std::int64_t column = 0; column < width; column += kPass) {
        const std::int16_t* pass = data + column * rows.num_rows;
        switch ((width - column) / 32) {
            case 1:
                add_rows_int16_pass<kShortsOf32>(pass, events, num_events, sums + column);
                break;
            case 2:
                add_rows_int16_pass<at_most(2 * kShortsOf32, kShortPassVectors)>(
                    pass, events, num_events, sums + column);
                break;
            case 3:
                add_rows_int16_pass<at_most(3 * kShortsOf32, kShortPassVectors)>(
                    pass, events, num_events, sums + column);
                break;
            default:
                add_rows_int16_pass<kShortPassVectors>(pass, events, num_events, sums + column);
                break;
        }
    }
}
