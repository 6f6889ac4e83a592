// Sums by tables: few source channels make few bits per kernel row, so the sums of all their
// subsets fit the nearest cache, and a step costs the same few additions whatever spikes.
//
// Rows of positions are independent; taking two of them hides the time that one membrane's chain of
// addition, comparison and reset takes.

template <int kRows, int kVectors>
PYSNN_INLINE void add_lookups(const TableArguments& a, std::int64_t step, std::int64_t column,
                              Floats (&sum)[kRows][kVectors]) {
    const std::uint8_t* pattern = a.patterns + step;
    const float* table = a.tables + column;
    if (kRows == 2 && a.pattern_row_stride == a.pattern_stride) {
        // What the first row looks up, the second has looked up one table earlier.
        add_row(table + pattern[0] * a.row_width, sum[0]);
        for (std::int64_t lookup = 1; lookup < a.num_lookups; ++lookup) {
            pattern += a.pattern_stride;
            const float* row = table + pattern[0] * a.row_width;
            add_row(row, sum[kRows - 1]);
            add_row(row + a.table_size, sum[0]);
            table += a.table_size;
        }
        add_row(table + pattern[a.pattern_stride] * a.row_width, sum[kRows - 1]);
        return;
    }
    for (std::int64_t lookup = 0; lookup < a.num_lookups; ++lookup) {
        for (int r = 0; r < kRows; ++r) {
            add_row(table + pattern[r * a.pattern_row_stride] * a.row_width, sum[r]);
        }
        pattern += a.pattern_stride;
        table += a.table_size;
    }
}

/// The tile one row of positions further on.
PYSNN_INLINE TileView next_row(const TableArguments& a, const TileView& tile) {
    TileView next = tile;
    next.neurons.potential += a.neuron_stride;
    next.neurons.refractory_left += tile.neurons.refractory_left != nullptr ? a.neuron_stride : 0;
    next.neurons.threshold += a.neuron_stride;
    next.neurons.lower += tile.neurons.lower != nullptr ? a.neuron_stride : 0;
    next.neurons.sent += tile.neurons.sent != nullptr ? a.neuron_stride : 0;
    next.base = typed<float>(tile.base) + a.neuron_stride;
    next.carry_in += tile.carry_in != nullptr ? a.neuron_stride : 0;
    next.carry_out += tile.carry_out != nullptr ? a.neuron_stride : 0;
    next.potentials += tile.potentials != nullptr ? a.neuron_stride : 0;
    next.masks += a.mask_row_stride;
    next.negative_masks += tile.negative_masks != nullptr ? a.mask_row_stride : 0;
    return next;
}

template <typename Rule, int kVectors, int kRows>
static std::int64_t table_pass(const TableArguments& arguments, std::int64_t column) {
    const TableArguments a = arguments;
    const TileView& tile = a.tile;
    TileView rows[kRows];
    Membranes<Rule, kVectors> membranes[kRows];
    Thresholds<kVectors> thresholds[kRows];
    Floats base[kRows][kVectors];
    for (int r = 0; r < kRows; ++r) {
        rows[r] = r == 0 ? tile : next_row(a, rows[r > 0 ? r - 1 : 0]);
        load_membranes(rows[r].neurons, column, membranes[r]);
        load_thresholds(rows[r].neurons, column, thresholds[r]);
        for (int i = 0; i < kVectors; ++i) {
            base[r][i] = load(typed<float>(rows[r].base) + column + i * kLanes);
        }
    }
    std::int64_t spikes = 0;
    for (std::int64_t k = 0; k < tile.num_steps; ++k) {
        const std::int64_t step = tile.steps[k];
        Floats sum[kRows][kVectors];
        for (int r = 0; r < kRows; ++r) {
            load_start(rows[r], step, column, base[r], sum[r]);
        }
        add_lookups(a, step, column, sum);
        for (int r = 0; r < kRows; ++r) {
            if (tile.carry_out != nullptr) {
                store_carry(rows[r], step, column, sum[r]);
            } else {
                spikes += finish_step(rows[r], step, column, sum[r], thresholds[r], membranes[r]);
            }
        }
    }
    for (int r = 0; r < kRows; ++r) {
        store_membranes(rows[r].neurons, column, membranes[r]);
    }
    return spikes;
}

template <typename Rule, int kVectors>
PYSNN_INLINE std::int64_t table_rows(const TableArguments& a, std::int64_t column) {
    constexpr int kRows = 2 * kVectors <= kPassVectors ? 2 : 1;
    if (a.num_rows == kRows) {
        return table_pass<Rule, kVectors, kRows>(a, column);
    }
    TableArguments row = a;
    std::int64_t spikes = 0;
    for (int r = 0; r < a.num_rows; ++r) {
        spikes += table_pass<Rule, kVectors, 1>(row, column);
        row.patterns += a.pattern_row_stride;
        row.tile = next_row(a, row.tile);
    }
    return spikes;
}

template <typename Rule>
struct TablePasses {
    static std::int64_t run(const TableArguments& a) {
        constexpr std::int64_t kPass = kPassVectors * kLanes;
        std::int64_t spikes = 0;
        std::int64_t column = 0;
        for (; column + kPass <= a.tile.width; column += kPass) {
            spikes += table_rows<Rule, kPassVectors>(a, column);
        }
        switch ((a.tile.width - column) / 16) {
            case 1:
                spikes += table_rows<Rule, kVectorsOf16>(a, column);
                break;
            case 2:
                spikes += table_rows<Rule, at_most(2 * kVectorsOf16, kPassVectors)>(a, column);
                break;
            case 3:
                spikes += table_rows<Rule, at_most(3 * kVectorsOf16, kPassVectors)>(a, column);
                break;
            default:
                break;
        }
        return spikes;
    }
};

constexpr bool kPoolsTables = 4 * kVectorsOf16 <= kPassVectors;

/// As add_lookups() of two rows of two positions, with what the compiler can know of a square
/// kernel of one source channel and stride 1: addresses need no registers then. Source rows without
/// spikes are left out.
template <int kKernel, int kVectors>
PYSNN_INLINE void add_square_lookups(const TableArguments& a, std::int64_t step,
                                     std::uint32_t source_rows, Floats (&sum)[2][kVectors]) {
    constexpr std::int64_t kRow = kVectors * kLanes;
    constexpr std::int64_t kTable = kRow << (kKernel + 1);
    const std::uint8_t* pattern = a.patterns + step;
    for (int k = 0; k <= kKernel; ++k) {
        if ((source_rows >> k & 1U) == 0) {
            continue;
        }
        const float* row = a.tables + pattern[k * kMaxChunk] * kRow;
        if (k < kKernel) {
            add_row(row + k * kTable, sum[0]);
        }
        if (k > 0) {
            add_row(row + (k - 1) * kTable, sum[1]);
        }
    }
}

/// Two rows of two positions of 16 channels, and the pool over them: a window's spikes go from mask
/// registers into its sum.
/// With kKernel, for which is_square() holds, or 0 for tables of any shape.
template <typename Rule, int kKernel>
PYSNN_NOINLINE static std::int64_t pooled_table_pass(const TableArguments& arguments) {
    constexpr int kVectors = 2 * kVectorsOf16;
    const TableArguments a = arguments;
    const TileView& tile = a.tile;
    const TileView pool = a.pool->tile;
    const SettingsOf<Rule, FloatValues> settings(tile.neurons);
    Membranes<Rule, kVectors> membranes[2];
    Membranes<Rule, kVectorsOf16> pooled;
    Thresholds<kVectors> thresholds[2];
    Thresholds<kVectorsOf16> pool_thresholds;
    Floats base[2][kVectors];
    Floats pool_base[kVectorsOf16];
    Floats weight[kVectorsOf16];
    NeuronView rows[2] = {tile.neurons, tile.neurons};
    rows[1].potential += a.neuron_stride;
    rows[1].threshold += a.neuron_stride;
    for (int r = 0; r < 2; ++r) {
        load_membranes(rows[r], 0, membranes[r]);
        load_thresholds(rows[r], 0, thresholds[r]);
        for (int i = 0; i < kVectors; ++i) {
            base[r][i] = load(typed<float>(tile.base) + r * a.neuron_stride + i * kLanes);
        }
    }
    load_membranes(pool.neurons, 0, pooled);
    load_thresholds(pool.neurons, 0, pool_thresholds);
    for (int i = 0; i < kVectorsOf16; ++i) {
        pool_base[i] = load(typed<float>(pool.base) + i * kLanes);
        weight[i] = load(a.pool->weight + i * kLanes);
    }
    std::uint32_t source_rows = a.source_rows;
    std::int64_t spikes = 0;
    std::int64_t pool_spikes = 0;
    for (std::int64_t k = 0; k < tile.num_steps; ++k) {
        const std::int64_t step = tile.steps[k];
        Floats sum[2][kVectors];
        Floats current[kVectorsOf16];
        for (int i = 0; i < kVectors; ++i) {
            sum[0][i] = base[0][i];
            sum[1][i] = base[1][i];
        }
        for (int i = 0; i < kVectorsOf16; ++i) {
            current[i] = pool_base[i];
        }
        if constexpr (kKernel > 0) {
            add_square_lookups<kKernel>(a, step, source_rows, sum);
        } else {
            add_lookups(a, step, 0, sum);
        }
        std::uint64_t mask = 0;
        for (int r = 0; r < 2; ++r) {
            for (int i = 0; i < kVectors; ++i) {
                const Mask fires = step_neurons<Rule, FloatValues>(
                    sum[r][i], threshold_of(thresholds[r], i), settings, membranes[r].state[i]);
                Floats& total = current[i % kVectorsOf16];
                total = select(fires, add(total, weight[i % kVectorsOf16]), total);
                mask |= bits(fires) << ((r * kVectors + i) * kLanes);
            }
        }
        spikes += count_ones(mask);
        pool_spikes += finish_step(pool, step, 0, current, pool_thresholds, pooled);
    }
    for (int r = 0; r < 2; ++r) {
        store_membranes(rows[r], 0, membranes[r]);
    }
    store_membranes(pool.neurons, 0, pooled);
    a.pool->num_spikes += pool_spikes;
    return spikes;
}

/// Whether a table has the sums of a square kernel's row over two positions of one source channel.
PYSNN_INLINE bool is_square(const TableArguments& a, int kernel) {
    return a.num_lookups == kernel && a.pattern_row_stride == a.pattern_stride &&
           a.table_size == a.row_width << (kernel + 1);
}

static std::int64_t pooled_tables(const TableArguments& a) {
    return visit_tile_rule(a.tile.neurons.rule, [&](auto rule) {
        using Rule = decltype(rule);
        // No pool is fused with neurons that send negative spikes.
        if constexpr (Rule::kTraits.sends_negatives) {
            return std::int64_t{0};
        } else {
            // Smaller kernels have no tables, larger ones none of two positions.
            return is_square(a, 5) ? pooled_table_pass<Rule, 5>(a) : pooled_table_pass<Rule, 0>(a);
        }
    });
}

static std::int64_t subset_table(const TableArguments& a) {
    if (kPoolsTables && a.pool != nullptr) {
        return pooled_tables(a);
    }
    return dispatch_tile<TablePasses>(a.tile, a);
}
