// Sums by tables of eight channels: a pixel of 16 channels is two bytes, each of which names the
// sum of a subset of its weights, so that a step takes the same few additions whatever spikes.
//
// Where the events of few channels end nobody can predict, and their rows are short: what lists
// cost beside them is far more than the rows. Tables have neither lists nor surprises. They are
// larger than the first cache, but few of their rows are read often: those of no spike and of one
// or two. Two neighbouring positions share the patterns of the pixels under both.

/// Sums of 16 neurons in float32.
struct FloatSums {
    using Weight = float;
    Floats sum[kVectorsOf16];

    PYSNN_INLINE void clear(FloatSums& sums) {
        for (int i = 0; i < kVectorsOf16; ++i) {
            sums.sum[i] = broadcast(0.0F);
        }
    }
    template <bool kIsNegative>
    PYSNN_INLINE void add_row(const float* row, FloatSums& sums) {
        for (int i = 0; i < kVectorsOf16; ++i) {
            const Floats weights = load(row + i * kLanes);
            sums.sum[i] = kIsNegative ? subtract(sums.sum[i], weights) : add(sums.sum[i], weights);
        }
    }
    PYSNN_INLINE Floats value(const PixelTableArguments& /*a*/, const FloatSums& one,
                              const FloatSums& other, int i) {
        return add(one.sum[i], other.sum[i]);
    }
};

/// The same modulo 2^16, as in gather_int16.inl.
struct ShortSums {
    using Weight = std::int16_t;
    Shorts sum[short_vectors(1)];

    PYSNN_INLINE void clear(ShortSums& sums) {
        for (int i = 0; i < short_vectors(1); ++i) {
            sums.sum[i] = no_shorts();
        }
    }
    template <bool kIsNegative>
    PYSNN_INLINE void add_row(const std::int16_t* row, ShortSums& sums) {
        for (int i = 0; i < short_vectors(1); ++i) {
            const Shorts weights = load_shorts(row + i * kShortLanes, 16 - i * kShortLanes);
            sums.sum[i] = kIsNegative ? subtract_shorts(sums.sum[i], weights)
                                      : add_shorts(sums.sum[i], weights);
        }
    }
    PYSNN_INLINE Floats value(const PixelTableArguments& a, const ShortSums& one,
                              const ShortSums& other, int i) {
        const Shorts both = add_shorts(one.sum[i / 2], other.sum[i / 2]);
        return multiply(to_floats(to_ints(both, i % 2)), load(a.grid + i * kLanes));
    }
};

constexpr std::int64_t kTableSize = kPatternRows * kTableLanes;

/// Sums of one position in two parts that need not wait for one another.
template <typename Sums>
struct PairedSums {
    Sums part[2];
};

/// Pixel j of a kernel row and of the positions under it: position p has it at column j - p *
/// shift.
template <std::int64_t kStride, typename Sums, bool kIsNegative, int kPositions>
PYSNN_INLINE void add_patterns(const std::uint8_t* patterns,
                               const typename Sums::Weight* row_tables, int j, int shift,
                               PairedSums<Sums> (&sums)[kPositions]) {
    for (int part = 0; part < kPixelParts; ++part) {
        const std::int64_t row = patterns[part * kStride] * kTableLanes;
        for (int p = 0; p < kPositions; ++p) {
            const int column = j - p * shift;
            if (column >= 0 && column < kPixelKernel) {
                const int lookup = column * kPixelParts + part;
                Sums::template add_row<kIsNegative>(row_tables + lookup * kTableSize + row,
                                                    sums[p].part[lookup % 2]);
            }
        }
    }
}

template <std::int64_t kStride, typename Sums, bool kIsSigned, int kPositions>
PYSNN_INLINE void add_window(const PixelTableArguments& a, std::int64_t first, int shift,
                             PairedSums<Sums> (&sums)[kPositions]) {
    constexpr std::int64_t kSign = kPixelParts * kStride;
    const int columns = kPixelKernel + (kPositions - 1) * shift;
    const auto* tables = typed<typename Sums::Weight>(a.tables);
    for (int i = 0; i < kPixelKernel; ++i) {
        const std::uint8_t* patterns = a.patterns[i] + first;
        const auto* row_tables = tables + i * kPixelKernel * kPixelParts * kTableSize;
        for (int j = 0; j < columns; ++j) {
            const std::uint8_t* pixel = patterns + j * (kIsSigned ? 2 : 1) * kSign;
            add_patterns<kStride, Sums, false>(pixel, row_tables, j, shift, sums);
            if (kIsSigned) {
                add_patterns<kStride, Sums, true>(pixel + kSign, row_tables, j, shift, sums);
            }
        }
    }
}

/// Positions [position, position + kPositions); kStride: a kPatternStride; kShift: pixels from one
/// to the next, if not 0.
template <std::int64_t kStride, typename Sums, bool kIsSigned, int kPositions, int kShift>
PYSNN_NOINLINE static void sum_positions(const PixelTableArguments& arguments, int position) {
    const PixelTableArguments a = arguments;
    const int shift = kShift > 0 ? kShift : static_cast<int>(a.pixels_between);
    const std::int64_t first =
        position * a.pixels_between * (kIsSigned ? 2 : 1) * kPixelParts * kStride;
    const std::int64_t lane = position * a.position_stride;
    const float* start = (a.carry_in == nullptr ? a.base : a.carry_in) + lane;
    const std::int64_t start_stride = a.carry_in == nullptr ? 0 : a.carry_stride;
    for (std::int64_t step = 0; step < a.num_steps; ++step) {
        PairedSums<Sums> sums[kPositions];
        for (int p = 0; p < kPositions; ++p) {
            Sums::clear(sums[p].part[0]);
            Sums::clear(sums[p].part[1]);
        }
        add_window<kStride, Sums, kIsSigned>(a, first + step, shift, sums);
        float* out = a.sums + step * a.sum_stride + lane;
        for (int p = 0; p < kPositions; ++p) {
            const std::int64_t at = p * a.position_stride;
            for (int i = 0; i < kVectorsOf16; ++i) {
                const Floats before = load(start + step * start_stride + at + i * kLanes);
                store(out + at + i * kLanes,
                      add(before, Sums::value(a, sums[p].part[0], sums[p].part[1], i)));
            }
        }
    }
}

template <std::int64_t kStride, typename Sums, bool kIsSigned>
PYSNN_INLINE void sum_all_positions(const PixelTableArguments& a) {
    int position = 0;
    for (; position + 2 <= a.num_positions; position += 2) {
        if (a.pixels_between == 1) {
            sum_positions<kStride, Sums, kIsSigned, 2, 1>(a, position);
        } else {
            sum_positions<kStride, Sums, kIsSigned, 2, 0>(a, position);
        }
    }
    if (position < a.num_positions) {
        sum_positions<kStride, Sums, kIsSigned, 1, 0>(a, position);
    }
}

template <typename Sums, bool kIsSigned>
static void sum_strides(const PixelTableArguments& a) {
    if (a.pattern_stride == kPatternStrides[0]) {
        sum_all_positions<kPatternStrides[0], Sums, kIsSigned>(a);
    } else if (a.pattern_stride == kPatternStrides[1]) {
        sum_all_positions<kPatternStrides[1], Sums, kIsSigned>(a);
    } else {
        sum_all_positions<kPatternStrides[2], Sums, kIsSigned>(a);
    }
}

static void pixel_sums(const PixelTableArguments& a) {
    if (a.grid == nullptr) {
        a.is_signed ? sum_strides<FloatSums, true>(a) : sum_strides<FloatSums, false>(a);
    } else {
        a.is_signed ? sum_strides<ShortSums, true>(a) : sum_strides<ShortSums, false>(a);
    }
}
