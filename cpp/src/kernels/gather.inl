// Sums of weight rows, one per event: fully connected populations, and convolutions position by
// position.
//
// A pass keeps the sums and the membranes of kVectors vectors in registers from the first step to
// the last; an event costs one load and one add per vector. Few vectors take several sums each, so
// that additions need not wait for one another. Tiles wider than a pass take several passes.

template <int kVectors>
PYSNN_INLINE void add_row(const float* row, Floats (&sum)[kVectors]) {
    for (int i = 0; i < kVectors; ++i) {
        sum[i] = add(sum[i], load(row + i * kLanes));
    }
}

template <int kVectors>
PYSNN_INLINE void add_events(const GatherArguments& a, std::int64_t step, std::int64_t column,
                             Floats (&sum)[kVectors]) {
    constexpr int kSums = kPassVectors / kVectors < 2 ? 1 : kPassVectors / kVectors < 4 ? 2 : 4;
    const float* weight = static_cast<const float*>(a.weight) + column;
    const std::uint32_t* range = a.offsets + step * a.offset_stride;
    const std::uint16_t* event = a.events + range[0];
    std::int64_t count = static_cast<std::int64_t>(range[a.offset_span]) - range[0];
    if (kSums == 1) {
        for (; count >= 2; count -= 2, event += 2) {
            add_row(weight + event[0] * a.row_stride, sum);
            add_row(weight + event[1] * a.row_stride, sum);
        }
        // An odd event without a branch that nobody can predict.
        const float* zero = static_cast<const float*>(a.zero_row) + column;
        add_row(count != 0 ? weight + event[0] * a.row_stride : zero, sum);
        return;
    }
    Floats more[kSums][kVectors];
    for (int k = 1; k < kSums; ++k) {
        for (int i = 0; i < kVectors; ++i) {
            more[k][i] = broadcast(0.0F);
        }
    }
    for (; count >= kSums; count -= kSums, event += kSums) {
        add_row(weight + event[0] * a.row_stride, sum);
        for (int k = 1; k < kSums; ++k) {
            add_row(weight + event[k] * a.row_stride, more[k]);
        }
    }
    for (; count > 0; --count, ++event) {
        add_row(weight + event[0] * a.row_stride, sum);
    }
    for (int k = 1; k < kSums; ++k) {
        for (int i = 0; i < kVectors; ++i) {
            sum[i] = add(sum[i], more[k][i]);
        }
    }
}

template <int kVectors, bool kSubtract, bool kRefractory>
static std::int64_t gather_pass(const GatherArguments& a, std::int64_t column) {
    const TileView& tile = a.tile;
    Membranes<kVectors, kRefractory> membranes;
    load_membranes(tile.neurons, column, membranes);
    Floats base[kVectors];
    for (int i = 0; i < kVectors; ++i) {
        base[i] = load(static_cast<const float*>(tile.base) + column + i * kLanes);
    }
    std::int64_t spikes = 0;
    for (std::int64_t k = 0; k < tile.num_steps; ++k) {
        const std::int64_t step = tile.steps[k];
        Floats sum[kVectors];
        load_start(tile, step, column, base, sum);
        add_events(a, step, column, sum);
        if (tile.carry_out != nullptr) {
            store_carry(tile, step, column, sum);
        } else {
            spikes += finish_step<kVectors, kSubtract, kRefractory>(tile, step, column, sum,
                                                                    membranes);
        }
    }
    store_membranes(tile.neurons, column, membranes);
    return spikes;
}

template <bool kSubtract, bool kRefractory>
struct GatherPasses {
    static std::int64_t run(const GatherArguments& a) {
        constexpr std::int64_t kPass = kPassVectors * kLanes;
        std::int64_t spikes = 0;
        std::int64_t column = 0;
        for (; column + kPass <= a.tile.width; column += kPass) {
            spikes += gather_pass<kPassVectors, kSubtract, kRefractory>(a, column);
        }
        // What is left is a multiple of 16 columns and less than a pass.
        switch ((a.tile.width - column) / 16) {
            case 1:
                spikes += gather_pass<kVectorsOf16, kSubtract, kRefractory>(a, column);
                break;
            case 2:
                spikes += gather_pass<2 * kVectorsOf16, kSubtract, kRefractory>(a, column);
                break;
            case 3:
                spikes += gather_pass<3 * kVectorsOf16, kSubtract, kRefractory>(a, column);
                break;
            default:
                break;
        }
        return spikes;
    }
};

static std::int64_t gather(const GatherArguments& a) {
    return dispatch_neurons<GatherPasses>(a.tile.neurons, a);
}

static void add_rows(const float* weight, std::int64_t width, const std::uint16_t* rows,
                     std::int64_t num_rows, float* sums) {
    for (std::int64_t column = 0; column < width; column += 16) {
        Floats sum[kVectorsOf16];
        for (int i = 0; i < kVectorsOf16; ++i) {
            sum[i] = load(sums + column + i * kLanes);
        }
        for (std::int64_t k = 0; k < num_rows; ++k) {
            add_row(weight + rows[k] * width + column, sum);
        }
        for (int i = 0; i < kVectorsOf16; ++i) {
            store(sums + column + i * kLanes, sum[i]);
        }
    }
}
