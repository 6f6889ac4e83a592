// Max pools, 64 channels at once: how far each source's count lies below the largest of its window
// stands in bit planes, where a step is a few logical operations for all channels, whatever spikes.
// Sources that fill up the last Deficits lie far below and never spike.

constexpr int kDeficitBits = Deficits::kBits;
constexpr int kSourcesAtOnce = Deficits::kSources;

// A count so far below neither reaches the largest within the steps that are run at once nor
// leaves the planes.
constexpr std::int32_t kFarBelow = 127;
constexpr std::int64_t kStepsBetweenCounts = 64;
constexpr std::int64_t kSignedStepsBetweenCounts = 32;  // which may change a deficit by two

/// Some words, one of each source.
struct SourceWords {
    std::uint64_t words[kSourcesAtOnce];
};

/// The bits of an 8x8 matrix, a byte a row, with rows and columns exchanged.
PYSNN_INLINE std::uint64_t transposed(std::uint64_t rows) {
    std::uint64_t swapped = (rows ^ rows >> 7) & 0x00AA00AA00AA00AAU;
    rows ^= swapped ^ swapped << 7;
    swapped = (rows ^ rows >> 14) & 0x0000CCCC0000CCCCU;
    rows ^= swapped ^ swapped << 14;
    swapped = (rows ^ rows >> 28) & 0x00000000F0F0F0F0U;
    return rows ^ swapped ^ swapped << 28;
}

PYSNN_INLINE void to_planes(const std::uint8_t* numbers, int stride, std::uint64_t* planes) {
    for (int b = 0; b < kDeficitBits; ++b) {
        planes[b * stride] = 0;
    }
    for (int eight = 0; eight < 8; ++eight) {
        std::uint64_t rows = 0;
        for (int i = 0; i < 8; ++i) {
            rows |= static_cast<std::uint64_t>(numbers[8 * eight + i]) << (8 * i);
        }
        rows = transposed(rows);
        for (int b = 0; b < kDeficitBits; ++b) {
            planes[b * stride] |= (rows >> (8 * b) & 0xFFU) << (8 * eight);
        }
    }
}

PYSNN_INLINE void from_planes(const std::uint64_t* planes, int stride, std::uint8_t* numbers) {
    for (int eight = 0; eight < 8; ++eight) {
        std::uint64_t rows = 0;
        for (int b = 0; b < kDeficitBits; ++b) {
            rows |= (planes[b * stride] >> (8 * eight) & 0xFFU) << (8 * b);
        }
        rows = transposed(rows);
        for (int i = 0; i < 8; ++i) {
            numbers[8 * eight + i] = static_cast<std::uint8_t>(rows >> (8 * i));
        }
    }
}

PYSNN_INLINE std::int32_t deficit(std::int32_t sent, std::int32_t count) {
    return sent - count < kFarBelow ? sent - count : kFarBelow;
}

/// Adds 1 or takes it off where a bit is set.
PYSNN_INLINE void change(SourceWords up, SourceWords down, Deficits& deficits) {
    for (int b = 0; b < kDeficitBits; ++b) {
        for (int i = 0; i < kSourcesAtOnce; ++i) {
            const std::uint64_t before = deficits.planes[b][i];
            deficits.planes[b][i] = before ^ (up.words[i] | down.words[i]);
            up.words[i] &= before;
            down.words[i] &= ~before;
        }
    }
}

PYSNN_INLINE SourceWords below(const Deficits& deficits) {
    SourceWords any = {};
    for (int b = 0; b < kDeficitBits; ++b) {
        for (int i = 0; i < kSourcesAtOnce; ++i) {
            any.words[i] |= deficits.planes[b][i];
        }
    }
    return any;
}

PYSNN_INLINE void count_up(std::uint64_t bits, std::uint64_t* planes) {
    for (int b = 0; bits != 0; ++b) {
        const std::uint64_t before = planes[b];
        planes[b] = before ^ bits;
        bits &= before;
    }
}

PYSNN_INLINE SourceWords spikes_of(const MaxPoolArguments& a, int first, int end,
                                   std::int64_t step) {
    SourceWords spikes = {};
    for (int i = 0; i < kSourcesAtOnce && first + i < end; ++i) {
        spikes.words[i] = a.windows[first + i][step] >> a.shifts[first + i] & a.channels;
    }
    return spikes;
}

/// The channels of a window over some steps.
template <bool kIsSigned, int kBlocks>
struct MaxPoolSteps {
    const MaxPoolArguments& a;
    std::uint64_t sent[kDeficitBits] = {};
    std::uint64_t taken_back[kDeficitBits] = {};

    int num_blocks() const {
        return kBlocks > 0 ? kBlocks : (a.num_windows + kSourcesAtOnce - 1) / kSourcesAtOnce;
    }

    SourceWords positive(int block, std::int64_t step) const {
        return spikes_of(a, block * kSourcesAtOnce, a.num_windows, step);
    }

    std::uint64_t grown_in(std::int64_t step) const {
        std::uint64_t grown = 0;
        for (int block = 0; block < num_blocks(); ++block) {
            const SourceWords spikes = positive(block, step);
            const SourceWords any = below(a.deficits[block]);
            for (int i = 0; i < kSourcesAtOnce; ++i) {
                grown |= spikes.words[i] & ~any.words[i];
            }
        }
        return grown;
    }

    void count_positive(std::int64_t step, std::uint64_t grown) {
        for (int block = 0; block < num_blocks(); ++block) {
            SourceWords up = positive(block, step);
            SourceWords down = up;
            for (int i = 0; i < kSourcesAtOnce; ++i) {
                up.words[i] = grown & ~up.words[i];
                down.words[i] &= ~grown;
            }
            change(up, down, a.deficits[block]);
        }
    }

    // Returns the channels of which no count is the largest any more.
    std::uint64_t count_negative(std::int64_t step) {
        std::uint64_t shrunk = a.channels;
        for (int block = 0; block < num_blocks(); ++block) {
            change(spikes_of(a, a.num_windows + block * kSourcesAtOnce, 2 * a.num_windows, step),
                   {}, a.deficits[block]);
            const SourceWords any = below(a.deficits[block]);
            for (int i = 0; i < kSourcesAtOnce; ++i) {
                shrunk &= any.words[i];
            }
        }
        for (int block = 0; block < num_blocks(); ++block) {
            SourceWords down;
            for (int i = 0; i < kSourcesAtOnce; ++i) {
                down.words[i] = shrunk;
            }
            change({}, down, a.deficits[block]);
        }
        return shrunk;
    }

    std::int64_t run(std::int64_t begin, std::int64_t end) {
        std::int64_t num_spikes = 0;
        for (std::int64_t step = begin; step < end; ++step) {
            const std::uint64_t grown = grown_in(step);
            count_positive(step, grown);
            count_up(grown, sent);
            a.masks[step] = grown;
            num_spikes += count_ones(grown);
            if constexpr (kIsSigned) {
                const std::uint64_t shrunk = count_negative(step);
                count_up(shrunk, taken_back);
                a.negative_masks[step] = shrunk;
                num_spikes += count_ones(shrunk);
            }
        }
        return num_spikes;
    }
};

static void load_deficits(const MaxPoolArguments& a) {
    const int padded = (a.num_windows + kSourcesAtOnce - 1) / kSourcesAtOnce * kSourcesAtOnce;
    for (int source = 0; source < padded; ++source) {
        std::uint8_t numbers[kMaskBits];
        for (std::int64_t c = 0; c < kMaskBits; ++c) {
            numbers[c] = static_cast<std::uint8_t>(
                source < a.num_windows ? deficit(a.sent[c], a.counts[source * kMaskBits + c])
                                       : kFarBelow);
        }
        to_planes(numbers, kSourcesAtOnce,
                  &a.deficits[source / kSourcesAtOnce].planes[0][source % kSourcesAtOnce]);
    }
}

static void store_counts(const MaxPoolArguments& a, const std::int32_t* growth) {
    for (int source = 0; source < a.num_windows; ++source) {
        std::uint8_t numbers[kMaskBits];
        from_planes(&a.deficits[source / kSourcesAtOnce].planes[0][source % kSourcesAtOnce],
                    kSourcesAtOnce, numbers);
        std::int32_t* counts = a.counts + source * kMaskBits;
        for (std::int64_t c = 0; c < kMaskBits; ++c) {
            counts[c] += growth[c] + deficit(a.sent[c], counts[c]) - numbers[c];
        }
    }
}

template <bool kIsSigned, int kBlocks>
static std::int64_t max_pool_steps(const MaxPoolArguments& a, std::int64_t begin,
                                   std::int64_t end) {
    load_deficits(a);
    MaxPoolSteps<kIsSigned, kBlocks> steps{a};
    const std::int64_t num_spikes = steps.run(begin, end);
    std::uint8_t sent[kMaskBits];
    std::uint8_t taken_back[kMaskBits];
    std::int32_t growth[kMaskBits];
    from_planes(steps.sent, 1, sent);
    from_planes(steps.taken_back, 1, taken_back);
    for (std::int64_t c = 0; c < kMaskBits; ++c) {
        growth[c] = sent[c] - taken_back[c];
    }
    store_counts(a, growth);
    for (std::int64_t c = 0; c < kMaskBits; ++c) {
        a.sent[c] += growth[c];
    }
    return num_spikes;
}

static std::int64_t max_pool(const MaxPoolArguments& a) {
    const std::int64_t at_once =
        a.negative_masks == nullptr ? kStepsBetweenCounts : kSignedStepsBetweenCounts;
    std::int64_t num_spikes = 0;
    for (std::int64_t begin = 0; begin < a.num_steps; begin += at_once) {
        const std::int64_t end = begin + at_once < a.num_steps ? begin + at_once : a.num_steps;
        if (a.negative_masks != nullptr) {
            num_spikes += max_pool_steps<true, 0>(a, begin, end);
        } else if (a.num_windows <= kSourcesAtOnce) {
            num_spikes += max_pool_steps<false, 1>(a, begin, end);
        } else {
            num_spikes += max_pool_steps<false, 0>(a, begin, end);
        }
    }
    return num_spikes;
}
