// Whole words of bits, step by step.

PYSNN_INLINE std::uint64_t window(std::uint64_t low, std::uint64_t high, int shift) {
    // The upper word in two shifts: one by 64 would be undefined.
    return low >> shift | high << 1 << (63 - shift);
}

static void window_words(const std::uint64_t* low, const std::uint64_t* high, int shift,
                         std::uint64_t mask, std::int64_t num_steps, std::uint64_t* out) {
    for (std::int64_t step = 0; step < num_steps; ++step) {
        out[step] = window(low[step], high[step], shift) & mask;
    }
}

static void window_bytes(const std::uint64_t* low, const std::uint64_t* high, int shift,
                         std::uint64_t mask, std::int64_t num_steps, std::uint8_t* out,
                         std::uint64_t* occupied) {
    for (std::int64_t step = 0; step < num_steps; ++step) {
        out[step] = static_cast<std::uint8_t>(window(low[step], high[step], shift) & mask);
    }
    for (std::int64_t step = 0; step < num_steps; ++step) {
        occupied[step / 64] |= static_cast<std::uint64_t>(out[step] != 0) << (step % 64);
    }
}

static void spread_words(const std::uint64_t* low, const std::uint64_t* high, int shift,
                         std::uint64_t mask, std::int64_t num_steps, std::uint64_t* out) {
    for (std::int64_t step = 0; step < num_steps; ++step) {
        out[step] = deposit_bits(window(low[step], high[step], shift), mask);
    }
}

static std::int64_t count_bits(const std::uint64_t* words, std::int64_t num_words,
                               std::uint64_t mask) {
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < num_words; ++i) {
        count += count_ones(words[i] & mask);
    }
    return count;
}
