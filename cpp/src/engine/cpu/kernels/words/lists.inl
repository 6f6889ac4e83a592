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

/// Calls list(0) ... list(count - 1), four in a turn of the loop: an end costs as much as a word.
template <typename List>
PYSNN_INLINE void in_fours(std::int64_t count, const List& list) {
    std::int64_t i = 0;
    for (; i + 4 <= count; i += 4) {
        list(i);
        list(i + 1);
        list(i + 2);
        list(i + 3);
    }
    for (; i < count; ++i) {
        list(i);
    }
}

static std::int64_t list_rows(const ListArguments& arguments) {
    const ListArguments a = arguments;  // a copy, which no store of a list can change
    for (std::int64_t word = 0; word < a.num_rows * a.words_per_row; ++word) {
        add_occupied_words(a.words[word], a.num_steps,
                           a.occupied + word / a.words_per_row * kStepWords);
    }
    std::uint32_t size = 0;
    for (std::int64_t step = 0; step < a.num_steps; ++step) {
        std::uint32_t* offsets = a.offsets + step * (a.num_rows + 1);
        const auto list_word = [&](std::int64_t row, std::int64_t part) {
            const WordIds& ids = a.word_ids[part];
            size += static_cast<std::uint32_t>(
                list_bits(a.words[row * a.words_per_row + part][step],
                          row * a.ids_per_row + ids.first, ids.count, a.events + size));
        };
        if (a.words_per_row == 1) {
            in_fours(a.num_rows, [&](std::int64_t row) {
                offsets[row] = size;
                list_word(row, 0);
            });
        } else {
            for (std::int64_t row = 0; row < a.num_rows; ++row) {
                offsets[row] = size;
                in_fours(a.words_per_row, [&](std::int64_t part) { list_word(row, part); });
            }
        }
        offsets[a.num_rows] = size;
    }
    return size;
}

static std::int64_t list_steps(const std::uint64_t* words, std::uint16_t* steps) {
    std::int64_t size = 0;
    for (std::int64_t word = 0; word < kStepWords; ++word) {
        size += list_bits(words[word], word * 64, 64, steps + size);
    }
    return size;
}

static std::int64_t list_ids(const ListArguments& arguments) {
    const ListArguments a = arguments;
    std::uint32_t size = 0;
    for (std::int64_t step = 0; step < a.num_steps; ++step) {
        const std::uint32_t first = size;
        for (std::int64_t part = 0; part < a.words_per_row; ++part) {
            size += static_cast<std::uint32_t>(list_named_bits(a.words[part][step] ^ a.flips[part],
                                                               a.ids + part * 64, a.events + size));
        }
        a.offsets[2 * step] = first;
        a.offsets[2 * step + 1] = size;
        a.occupied[step / 64] |= std::uint64_t{size != first} << (step % 64);
    }
    return size;
}
