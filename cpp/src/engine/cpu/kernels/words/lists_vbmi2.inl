// Set bits to a list by the byte and word compressions of AVX-512 VBMI2: no loop at all. Their
// number by VPOPCNTDQ.

PYSNN_INLINE std::int64_t list_bits(std::uint64_t mask, std::int64_t first,
                                    std::int64_t /*num_bits*/, std::uint16_t* out) {
    alignas(64) static const std::uint8_t kPositions[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i packed = _mm512_maskz_compress_epi8(mask, _mm512_loadu_si512(kPositions));
    const __m512i base = _mm512_set1_epi16(static_cast<short>(first));
    const std::int64_t count = count_ones(mask);
    const __m512i low = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(packed));
    _mm512_storeu_si512(out, _mm512_add_epi16(low, base));
    if (PYSNN_UNLIKELY(count > 32)) {
        const __m512i high = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(packed, 1));
        _mm512_storeu_si512(out + 32, _mm512_add_epi16(high, base));
    }
    return count;
}

PYSNN_INLINE std::int64_t list_named_bits(std::uint64_t mask, const std::uint16_t* ids,
                                          std::uint16_t* out) {
    const auto low = static_cast<__mmask32>(mask);
    const auto high = static_cast<__mmask32>(mask >> 32);
    const std::int64_t num_low = count_ones(low);
    _mm512_storeu_si512(out, _mm512_maskz_compress_epi16(low, _mm512_loadu_si512(ids)));
    _mm512_storeu_si512(out + num_low,
                        _mm512_maskz_compress_epi16(high, _mm512_loadu_si512(ids + 32)));
    return num_low + count_ones(high);
}

static std::int64_t count_bits(const std::uint64_t* words, std::int64_t num_words,
                               std::uint64_t mask) {
    const __m512i masks = broadcast_word(mask);
    __m512i counts = _mm512_setzero_si512();
    std::int64_t i = 0;
    for (; i + 8 <= num_words; i += 8) {
        const __m512i bits = _mm512_and_si512(_mm512_loadu_si512(words + i), masks);
        counts = _mm512_add_epi64(counts, _mm512_popcnt_epi64(bits));
    }
    std::int64_t count = _mm512_reduce_add_epi64(counts);
    for (; i < num_words; ++i) {
        count += count_ones(words[i] & mask);
    }
    return count;
}
