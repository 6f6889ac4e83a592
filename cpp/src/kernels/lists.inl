// Event lists out of spike masks, packed without gaps.

/// Of the words' kMaxChunk places the first num_steps count.
PYSNN_INLINE void add_occupied_words(const std::uint64_t* words, std::int64_t num_steps,
                                     std::uint64_t* occupied) {
    for (std::int64_t step = 0; step < num_steps; step += 64) {
        const std::int64_t left = num_steps - step;
        const std::uint64_t counting =
            left >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
        std::uint64_t any = 0;
        for (int i = 0; i < 64; i += 8) {
            any |= nonzero_words(words + step + i) << i;
        }
        occupied[step / 64] |= any & counting;
    }
}

static std::int64_t list_rows(const ListArguments& a) {
    for (std::int64_t word = 0; word < a.num_rows * a.words_per_row; ++word) {
        add_occupied_words(a.words[word], a.num_steps,
                           a.occupied + word / a.words_per_row * kStepWords);
    }
    std::uint32_t size = 0;
    for (std::int64_t step = 0; step < a.num_steps; ++step) {
        std::uint32_t* offsets = a.offsets + step * (a.num_rows + 1);
        const std::uint64_t* const* word = a.words;
        for (std::int64_t row = 0; row < a.num_rows; ++row) {
            offsets[row] = size;
            std::int64_t first = row * a.ids_per_row;
            for (std::int64_t part = 0; part < a.words_per_row; ++part) {
                size += static_cast<std::uint32_t>(
                    list_bits((*word)[step], static_cast<std::uint16_t>(first), a.events + size));
                first += kMaskBits;
                ++word;
            }
        }
        offsets[a.num_rows] = size;
    }
    return size;
}

static std::int64_t list_steps(const std::uint64_t* words, std::uint16_t* steps) {
    std::int64_t size = 0;
    for (std::int64_t word = 0; word < kStepWords; ++word) {
        size += list_bits(words[word], static_cast<std::uint16_t>(word * 64), steps + size);
    }
    return size;
}

static std::int64_t list_ids(const ListArguments& a) {
    std::uint32_t size = 0;
    for (std::int64_t step = 0; step < a.num_steps; ++step) {
        a.offsets[2 * step] = size;
        for (std::int64_t part = 0; part < a.words_per_row; ++part) {
            size += static_cast<std::uint32_t>(list_named_bits(a.words[part][step] ^ a.flips[part],
                                                               a.ids + part * 64, a.events + size));
        }
        a.offsets[2 * step + 1] = size;
        const auto occupied = static_cast<std::uint64_t>(size != a.offsets[2 * step]);
        a.occupied[step / 64] |= occupied << (step % 64);
    }
    return size;
}
