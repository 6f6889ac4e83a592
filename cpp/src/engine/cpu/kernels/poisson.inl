// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3, SC 2011),
// several counters a vector. Words live in the low halves of 64-bit lanes; high halves may hold
// anything, since the multiplication reads the low ones only.

PYSNN_INLINE void draw(const std::uint64_t* inputs, const PoissonArguments& a,
                       Words (&c)[4][kWordVectors]) {
    for (int i = 0; i < kWordVectors; ++i) {
        c[0][i] = load_words(inputs + i * kWordLanes);
        c[1][i] = broadcast_word(a.quad);
        c[2][i] = broadcast_word(a.sample_id & 0xFFFFFFFFU);
        c[3][i] = broadcast_word(a.sample_id >> 32);
    }
    const Words factor0 = broadcast_word(0xD2511F53U);
    const Words factor1 = broadcast_word(0xCD9E8D57U);
    auto key0 = static_cast<std::uint32_t>(a.seed);
    auto key1 = static_cast<std::uint32_t>(a.seed >> 32);
    for (int round = 0; round < 10; ++round) {
        for (int i = 0; i < kWordVectors; ++i) {
            const Words product0 = multiply_low(c[0][i], factor0);
            const Words product1 = multiply_low(c[2][i], factor1);
            c[0][i] = exclusive_or(high_half(product1), c[1][i], broadcast_word(key0));
            c[2][i] = exclusive_or(high_half(product0), c[3][i], broadcast_word(key1));
            c[1][i] = product1;
            c[3][i] = product0;
        }
        key0 += 0x9E3779B9U;
        key1 += 0xBB67AE85U;
    }
}

static void poisson(const PoissonArguments& a, std::uint64_t masks[4]) {
    for (int word = 0; word < 4; ++word) {
        masks[word] = 0;
    }
    for (int lane = 0; lane < 64; lane += kWordVectors * kWordLanes) {
        Words c[4][kWordVectors];
        draw(a.inputs + lane, a, c);
        for (int word = 0; word < 4; ++word) {
            for (int i = 0; i < kWordVectors; ++i) {
                const int at = lane + i * kWordLanes;
                masks[word] |= below(low_half(c[word][i]), load_words(a.thresholds + at)) << at;
            }
        }
    }
}
