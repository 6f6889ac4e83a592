// Named bits to a list, and counts. Four entries at a time are written whether there are as many or
// not: a branch for each bit would cost more than the bits.

template <typename Entry>
PYSNN_INLINE std::int64_t list_set_bits(std::uint64_t mask, std::uint16_t* out,
                                        const Entry& entry) {
    const std::int64_t count = count_ones(mask);
    for (std::int64_t done = 0; done < count; done += 4) {
        for (int i = 0; i < 4; ++i) {
            // Beyond the last bit any entry will do, but there must be one.
            *out++ = entry(lowest_one(mask | std::uint64_t{1} << 63));
            mask &= mask - 1;
        }
    }
    return count;
}

PYSNN_INLINE std::int64_t list_named_bits(std::uint64_t mask, const std::uint16_t* ids,
                                          std::uint16_t* out) {
    return list_set_bits(mask, out, [=](std::int64_t bit) { return ids[bit]; });
}

static std::int64_t count_bits(const std::uint64_t* words, std::int64_t num_words,
                               std::uint64_t mask) {
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < num_words; ++i) {
        count += count_ones(words[i] & mask);
    }
    return count;
}
