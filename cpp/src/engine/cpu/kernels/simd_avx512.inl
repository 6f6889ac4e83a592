// Sixteen floats or eight 64-bit words; comparisons give mask registers.

constexpr int kLanes = 16;
constexpr int kPassVectors = 4;        // sums of one pass over an event list
constexpr bool kManyRegisters = true;  // for thresholds, and for two sums of a whole pass
constexpr int kVectorsOf16 = 16 / kLanes;
using Floats = __m512;
using Mask = __mmask16;

PYSNN_INLINE Floats load(const float* p) { return _mm512_loadu_ps(p); }
PYSNN_INLINE void store(float* p, Floats a) { _mm512_storeu_ps(p, a); }
PYSNN_INLINE Floats broadcast(float a) { return _mm512_set1_ps(a); }
PYSNN_INLINE Floats add(Floats a, Floats b) { return _mm512_add_ps(a, b); }
PYSNN_INLINE Floats subtract(Floats a, Floats b) { return _mm512_sub_ps(a, b); }
PYSNN_INLINE Floats multiply(Floats a, Floats b) { return _mm512_mul_ps(a, b); }
PYSNN_INLINE Floats divide(Floats a, Floats b) { return _mm512_div_ps(a, b); }
PYSNN_INLINE Mask at_least(Floats a, Floats b) { return _mm512_cmp_ps_mask(a, b, _CMP_GE_OQ); }
PYSNN_INLINE Mask both_of(Mask a, Mask b) { return static_cast<Mask>(a & b); }
PYSNN_INLINE Floats select(Mask m, Floats if_set, Floats otherwise) {
    return _mm512_mask_blend_ps(m, otherwise, if_set);
}
PYSNN_INLINE Floats zero_where(Mask m, Floats a) {
    return _mm512_mask_blend_ps(m, a, _mm512_setzero_ps());
}
PYSNN_INLINE std::uint64_t bits(Mask m) { return m; }
/// a + b where bit i of the mask is set.
PYSNN_INLINE Floats add_where(std::uint64_t mask, Floats a, Floats b) {
    return _mm512_mask_add_ps(a, static_cast<__mmask16>(mask), a, b);
}
PYSNN_INLINE Floats multiply_add(Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); }

constexpr int kShortLanes = 32;
constexpr int kShortPassVectors = 4;
using Shorts = __m512i;

// Of the numbers, `left` are there: all, or a half.
PYSNN_INLINE Shorts load_shorts(const std::int16_t* p, int left) {
    return left < kShortLanes
               ? _mm512_zextsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))
               : _mm512_loadu_si512(p);
}
PYSNN_INLINE void store_shorts(std::int16_t* p, Shorts a, int left) {
    if (left < kShortLanes) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_castsi512_si256(a));
    } else {
        _mm512_storeu_si512(p, a);
    }
}
PYSNN_INLINE Shorts no_shorts() { return _mm512_setzero_si512(); }
PYSNN_INLINE Shorts add_shorts(Shorts a, Shorts b) { return _mm512_add_epi16(a, b); }
PYSNN_INLINE Shorts subtract_shorts(Shorts a, Shorts b) { return _mm512_sub_epi16(a, b); }
/// The sum stays in its register. GCC would add two rows first otherwise, and copy the sums.
PYSNN_INLINE void add_in_place([[maybe_unused]] Shorts& sum) {
#if defined(__GNUC__) && !defined(PYSNN_EMULATE_AVX512)
    asm("" : "+v"(sum));
#endif
}

using Ints = __m512i;

/// The lower (0) or upper (1) half.
PYSNN_INLINE Ints to_ints(Shorts a, int half) {
    return _mm512_cvtepi16_epi32(half == 0 ? _mm512_castsi512_si256(a)
                                           : _mm512_extracti64x4_epi64(a, 1));
}
PYSNN_INLINE Ints to_ints(Floats a) { return _mm512_cvtps_epi32(a); }
PYSNN_INLINE Floats to_floats(Ints a) { return _mm512_cvtepi32_ps(a); }
PYSNN_INLINE Ints no_ints() { return _mm512_setzero_si512(); }
PYSNN_INLINE Ints load_ints(const std::int32_t* p) { return _mm512_loadu_si512(p); }
PYSNN_INLINE void store_ints(std::int32_t* p, Ints a) { _mm512_storeu_si512(p, a); }
PYSNN_INLINE Ints add(Ints a, Ints b) { return _mm512_add_epi32(a, b); }
PYSNN_INLINE Ints next(Ints a) { return _mm512_add_epi32(a, _mm512_set1_epi32(1)); }
PYSNN_INLINE Mask above(Ints a, Ints b) { return _mm512_cmpgt_epi32_mask(a, b); }
PYSNN_INLINE Ints zero_where(Mask m, Ints a) {
    return _mm512_mask_mov_epi32(a, m, _mm512_setzero_si512());
}
PYSNN_INLINE Ints subtract_where(Mask m, Ints a, Ints b) {
    return _mm512_mask_sub_epi32(a, m, a, b);
}
PYSNN_INLINE Ints next_where(Mask m, Ints a) {
    return _mm512_mask_sub_epi32(a, m, a, _mm512_set1_epi32(-1));
}
PYSNN_INLINE Ints previous_where(Mask m, Ints a) {
    return _mm512_mask_sub_epi32(a, m, a, _mm512_set1_epi32(1));
}

/// 64 of them, or as many bits of a mask.
using Bytes = __m512i;

PYSNN_INLINE Bytes no_bytes() { return _mm512_setzero_si512(); }
PYSNN_INLINE Bytes load_bytes(const std::int8_t* p) { return _mm512_loadu_si512(p); }
PYSNN_INLINE Bytes add_bytes(Bytes a, Bytes b) { return _mm512_add_epi8(a, b); }
PYSNN_INLINE Bytes add_bits(Bytes a, std::uint64_t mask) {
    return _mm512_mask_add_epi8(a, mask, a, _mm512_set1_epi8(1));
}
PYSNN_INLINE std::uint64_t bytes_above(Bytes a, Bytes b) { return _mm512_cmpgt_epi8_mask(a, b); }
PYSNN_INLINE Bytes zero_bytes_where(std::uint64_t mask, Bytes a) {
    return _mm512_mask_mov_epi8(a, mask, _mm512_setzero_si512());
}
PYSNN_INLINE Bytes to_bytes(const Ints (&a)[4]) {
    Bytes bytes = _mm512_setzero_si512();
    bytes = _mm512_inserti32x4(bytes, _mm512_cvtepi32_epi8(a[0]), 0);
    bytes = _mm512_inserti32x4(bytes, _mm512_cvtepi32_epi8(a[1]), 1);
    bytes = _mm512_inserti32x4(bytes, _mm512_cvtepi32_epi8(a[2]), 2);
    return _mm512_inserti32x4(bytes, _mm512_cvtepi32_epi8(a[3]), 3);
}
/// Sixteen of the bytes from the first on.
PYSNN_INLINE Ints from_bytes(const Bytes& a, int first) {
    std::int8_t bytes[64];
    _mm512_storeu_si512(bytes, a);
    return _mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + first)));
}

using Doubles = __m512d;

PYSNN_INLINE Doubles load_doubles(const double* p) { return _mm512_loadu_pd(p); }
PYSNN_INLINE void store_doubles(double* p, Doubles a) { _mm512_storeu_pd(p, a); }
/// The lower (0) or upper (1) half.
PYSNN_INLINE Doubles to_doubles(Floats a, int half) {
    return _mm512_cvtps_pd(half == 0 ? _mm512_castps512_ps256(a) : _mm512_extractf32x8_ps(a, 1));
}
PYSNN_INLINE Doubles add(Doubles a, Doubles b) { return _mm512_add_pd(a, b); }
PYSNN_INLINE Doubles subtract(Doubles a, Doubles b) { return _mm512_sub_pd(a, b); }
PYSNN_INLINE Doubles at_least_zero(Doubles a) { return _mm512_max_pd(a, _mm512_setzero_pd()); }

PYSNN_INLINE std::int64_t count_ones(std::uint64_t word) { return _mm_popcnt_u64(word); }
PYSNN_INLINE int lowest_one(std::uint64_t word) { return static_cast<int>(_tzcnt_u64(word)); }
PYSNN_INLINE std::uint64_t deposit_bits(std::uint64_t bits, std::uint64_t mask) {
    return _pdep_u64(bits, mask);
}

/// Bit i: p[i] is not 0, of 64 bytes.
PYSNN_INLINE std::uint64_t nonzero_bytes(const std::uint8_t* p) {
    const __m512i bytes = _mm512_loadu_si512(p);
    return _mm512_test_epi8_mask(bytes, bytes);
}

/// Bit i: p[i] is not 0, of 8 words.
PYSNN_INLINE std::uint64_t nonzero_words(const std::uint64_t* p) {
    const __m512i words = _mm512_loadu_si512(p);
    return _mm512_test_epi64_mask(words, words);
}

constexpr int kWordLanes = 8;
constexpr int kWordVectors = 4;  // counters in flight, to hide the multiplier's latency
using Words = __m512i;

PYSNN_INLINE Words load_words(const std::uint64_t* p) { return _mm512_loadu_si512(p); }
PYSNN_INLINE Words broadcast_word(std::uint64_t a) {
    return _mm512_set1_epi64(static_cast<long long>(a));
}
PYSNN_INLINE Words multiply_low(Words a, Words b) { return _mm512_mul_epu32(a, b); }
PYSNN_INLINE Words exclusive_or(Words a, Words b, Words c) {
    return _mm512_ternarylogic_epi64(a, b, c, 0x96);
}
PYSNN_INLINE Words high_half(Words a) { return _mm512_srli_epi64(a, 32); }
PYSNN_INLINE Words low_half(Words a) {
    return _mm512_and_si512(a, _mm512_set1_epi64(0xFFFFFFFFLL));
}
PYSNN_INLINE std::uint64_t below(Words a, Words b) { return _mm512_cmplt_epu64_mask(a, b); }
