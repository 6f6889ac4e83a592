// The bytes of words, one by one.

static void split_words(const std::uint64_t* words, std::int64_t num_bytes, std::int64_t num_steps,
                        std::int64_t stride, std::uint8_t* out) {
    for (std::int64_t step = 0; step < num_steps; ++step) {
        for (std::int64_t k = 0; k < num_bytes; ++k) {
            out[k * stride + step] = static_cast<std::uint8_t>(words[step] >> (8 * k));
        }
    }
}
