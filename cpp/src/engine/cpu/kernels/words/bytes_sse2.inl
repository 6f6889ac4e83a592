// The bytes of words, as the transposition of eight by eight of them.

/// Bytes k and k + 1 of eight steps.
PYSNN_INLINE void store_two_bytes(__m128i bytes, std::int64_t k, std::int64_t num_bytes,
                                  std::int64_t stride, std::uint8_t* out) {
    if (k < num_bytes) {
        _mm_storel_epi64(reinterpret_cast<__m128i*>(out + k * stride), bytes);
    }
    if (k + 1 < num_bytes) {
        _mm_storel_epi64(reinterpret_cast<__m128i*>(out + (k + 1) * stride),
                         _mm_unpackhi_epi64(bytes, bytes));
    }
}

static void split_words(const std::uint64_t* words, std::int64_t num_bytes, std::int64_t num_steps,
                        std::int64_t stride, std::uint8_t* out) {
    for (std::int64_t step = 0; step < num_steps; step += 8, words += 8, out += 8) {
        __m128i pairs[4];  // bytes of two steps in turn
        for (int i = 0; i < 4; ++i) {
            const __m128i two = _mm_loadu_si128(reinterpret_cast<const __m128i*>(words + 2 * i));
            pairs[i] = _mm_unpacklo_epi8(two, _mm_unpackhi_epi64(two, two));
        }
        const __m128i low_first = _mm_unpacklo_epi16(pairs[0], pairs[1]);
        const __m128i high_first = _mm_unpackhi_epi16(pairs[0], pairs[1]);
        const __m128i low_last = _mm_unpacklo_epi16(pairs[2], pairs[3]);
        const __m128i high_last = _mm_unpackhi_epi16(pairs[2], pairs[3]);
        store_two_bytes(_mm_unpacklo_epi32(low_first, low_last), 0, num_bytes, stride, out);
        store_two_bytes(_mm_unpackhi_epi32(low_first, low_last), 2, num_bytes, stride, out);
        store_two_bytes(_mm_unpacklo_epi32(high_first, high_last), 4, num_bytes, stride, out);
        store_two_bytes(_mm_unpackhi_epi32(high_first, high_last), 6, num_bytes, stride, out);
    }
}
