// Whole words of bits, step by step.

PYSNN_INLINE std::uint64_t window(std::uint64_t low, std::uint64_t high, int shift) {
    // The upper word in two shifts: one by 64 would be undefined.
    return low >> shift | high << 1 << (63 - shift);
}

/// `bytes` has kMaxChunk places, the first num_steps of which count.
PYSNN_INLINE void add_occupied(const std::uint8_t* bytes, std::int64_t num_steps,
                               std::uint64_t* occupied) {
    for (std::int64_t step = 0; step < num_steps; step += 64) {
        const std::int64_t left = num_steps - step;
        const std::uint64_t counting =
            left >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
        occupied[step / 64] |= nonzero_bytes(bytes + step) & counting;
    }
}

static void window_words(const std::uint64_t* low, const std::uint64_t* high, int shift,
                         std::uint64_t mask, std::int64_t num_steps, std::uint64_t* out) {
    for (std::int64_t step = 0; step < num_steps; ++step) {
        out[step] = window(low[step], high[step], shift) & mask;
    }
}

static void merge_words(const std::uint64_t* in, int shift, std::uint64_t mask, int first,
                        std::int64_t num_steps, std::uint64_t* out) {
    for (std::int64_t step = 0; step < num_steps; ++step) {
        out[step] |= (in[step] >> shift & mask) << first;
    }
    if (first > 0 && mask >> (kMaskBits - first) != 0) {
        for (std::int64_t step = 0; step < num_steps; ++step) {
            out[kMaxChunk + step] |= (in[step] >> shift & mask) >> (kMaskBits - first);
        }
    }
}

static void window_bytes(const std::uint64_t* low, const std::uint64_t* high, int shift,
                         std::uint64_t mask, std::int64_t num_steps, std::uint8_t* out,
                         std::uint64_t* occupied) {
    for (std::int64_t step = 0; step < num_steps; ++step) {
        out[step] = static_cast<std::uint8_t>(window(low[step], high[step], shift) & mask);
    }
    add_occupied(out, num_steps, occupied);
}

static void occupied_steps(const std::uint64_t* const* windows, const int* shifts,
                           std::int64_t num_windows, std::uint64_t mask, std::int64_t num_steps,
                           std::uint64_t* occupied) {
    std::uint64_t any[kMaxChunk] = {};
    std::uint8_t bytes[kMaxChunk];
    for (std::int64_t i = 0; i < num_windows; ++i) {
        for (std::int64_t step = 0; step < num_steps; ++step) {
            any[step] |= windows[i][step] >> shifts[i];
        }
    }
    for (std::int64_t step = 0; step < num_steps; ++step) {
        bytes[step] = static_cast<std::uint8_t>((any[step] & mask) != 0);
    }
    add_occupied(bytes, num_steps, occupied);
}

static void spread_words(const std::uint64_t* low, const std::uint64_t* high, int shift,
                         std::uint64_t mask, std::int64_t num_steps, std::uint64_t* out) {
    for (std::int64_t step = 0; step < num_steps; ++step) {
        out[step] = deposit_bits(window(low[step], high[step], shift), mask);
    }
}
