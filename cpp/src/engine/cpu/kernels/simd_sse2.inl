// Four floats or two 64-bit words: what every x86-64 has.

constexpr int kLanes = 4;
constexpr int kPassVectors = 4;         // sums of one pass over an event list
constexpr bool kManyRegisters = false;  // for thresholds, and for two sums of a whole pass
constexpr int kVectorsOf16 = 16 / kLanes;
using Floats = __m128;
using Mask = __m128;

PYSNN_INLINE Floats load(const float* p) { return _mm_loadu_ps(p); }
PYSNN_INLINE void store(float* p, Floats a) { _mm_storeu_ps(p, a); }
PYSNN_INLINE Floats broadcast(float a) { return _mm_set1_ps(a); }
PYSNN_INLINE Floats add(Floats a, Floats b) { return _mm_add_ps(a, b); }
PYSNN_INLINE Floats subtract(Floats a, Floats b) { return _mm_sub_ps(a, b); }
PYSNN_INLINE Floats multiply(Floats a, Floats b) { return _mm_mul_ps(a, b); }
PYSNN_INLINE Floats divide(Floats a, Floats b) { return _mm_div_ps(a, b); }
PYSNN_INLINE Mask at_least(Floats a, Floats b) { return _mm_cmpge_ps(a, b); }
PYSNN_INLINE Mask both_of(Mask a, Mask b) { return _mm_and_ps(a, b); }
PYSNN_INLINE Floats select(Mask m, Floats if_set, Floats otherwise) {
    return _mm_or_ps(_mm_and_ps(m, if_set), _mm_andnot_ps(m, otherwise));
}
PYSNN_INLINE Floats zero_where(Mask m, Floats a) { return _mm_andnot_ps(m, a); }
/// What a comparison's instruction gives for its lanes, as bits of a word.
PYSNN_INLINE std::uint64_t lane_bits(int mask) { return static_cast<std::uint32_t>(mask); }
PYSNN_INLINE std::uint64_t bits(Mask m) { return lane_bits(_mm_movemask_ps(m)); }
/// a + b where bit i of the mask is set; a is no negative zero.
PYSNN_INLINE Floats add_where(std::uint64_t mask, Floats a, Floats b) {
    const __m128i lanes = _mm_setr_epi32(1, 2, 4, 8);
    const __m128i bits = _mm_and_si128(_mm_set1_epi32(static_cast<int>(mask)), lanes);
    return _mm_add_ps(a, _mm_and_ps(_mm_castsi128_ps(_mm_cmpeq_epi32(bits, lanes)), b));
}
PYSNN_INLINE Floats multiply_add(Floats a, Floats b, Floats c) {
    return _mm_add_ps(_mm_mul_ps(a, b), c);
}

/// A vector of integers, of any size.
PYSNN_INLINE __m128i load_whole(const void* p) {
    return _mm_loadu_si128(static_cast<const __m128i*>(p));
}
PYSNN_INLINE void store_whole(void* p, __m128i a) { _mm_storeu_si128(static_cast<__m128i*>(p), a); }

constexpr int kShortLanes = 8;
constexpr int kShortPassVectors = 4;
using Shorts = __m128i;

PYSNN_INLINE Shorts load_shorts(const std::int16_t* p, int /*left*/) { return load_whole(p); }
PYSNN_INLINE void store_shorts(std::int16_t* p, Shorts a, int /*left*/) { store_whole(p, a); }
PYSNN_INLINE Shorts no_shorts() { return _mm_setzero_si128(); }
PYSNN_INLINE Shorts add_shorts(Shorts a, Shorts b) { return _mm_add_epi16(a, b); }
PYSNN_INLINE Shorts subtract_shorts(Shorts a, Shorts b) { return _mm_sub_epi16(a, b); }
/// The sum stays in its register. GCC would add two rows first otherwise, and copy the sums.
PYSNN_INLINE void add_in_place([[maybe_unused]] Shorts& sum) {
#ifdef __GNUC__
    asm("" : "+x"(sum));
#endif
}

using Ints = __m128i;

/// The lower (0) or upper (1) half: each number into the upper 16 bits, then down with its sign.
PYSNN_INLINE Ints to_ints(Shorts a, int half) {
    return _mm_srai_epi32(half == 0 ? _mm_unpacklo_epi16(a, a) : _mm_unpackhi_epi16(a, a), 16);
}
PYSNN_INLINE Ints to_ints(Floats a) { return _mm_cvtps_epi32(a); }
PYSNN_INLINE Floats to_floats(Ints a) { return _mm_cvtepi32_ps(a); }
PYSNN_INLINE Ints no_ints() { return _mm_setzero_si128(); }
PYSNN_INLINE Ints load_ints(const std::int32_t* p) { return load_whole(p); }
PYSNN_INLINE void store_ints(std::int32_t* p, Ints a) { store_whole(p, a); }
PYSNN_INLINE Ints add(Ints a, Ints b) { return _mm_add_epi32(a, b); }
PYSNN_INLINE Ints next(Ints a) { return _mm_add_epi32(a, _mm_set1_epi32(1)); }
PYSNN_INLINE Mask above(Ints a, Ints b) { return _mm_castsi128_ps(_mm_cmpgt_epi32(a, b)); }
PYSNN_INLINE Ints zero_where(Mask m, Ints a) { return _mm_andnot_si128(_mm_castps_si128(m), a); }
PYSNN_INLINE Ints subtract_where(Mask m, Ints a, Ints b) {
    return _mm_sub_epi32(a, _mm_and_si128(_mm_castps_si128(m), b));
}
// Lanes of all ones are -1.
PYSNN_INLINE Ints next_where(Mask m, Ints a) { return _mm_sub_epi32(a, _mm_castps_si128(m)); }
PYSNN_INLINE Ints previous_where(Mask m, Ints a) { return _mm_add_epi32(a, _mm_castps_si128(m)); }

using Doubles = __m128d;

PYSNN_INLINE Doubles load_doubles(const double* p) { return _mm_loadu_pd(p); }
PYSNN_INLINE void store_doubles(double* p, Doubles a) { _mm_storeu_pd(p, a); }
/// The lower (0) or upper (1) half.
PYSNN_INLINE Doubles to_doubles(Floats a, int half) {
    return _mm_cvtps_pd(half == 0 ? a : _mm_movehl_ps(a, a));
}
PYSNN_INLINE Doubles add(Doubles a, Doubles b) { return _mm_add_pd(a, b); }
PYSNN_INLINE Doubles subtract(Doubles a, Doubles b) { return _mm_sub_pd(a, b); }
PYSNN_INLINE Doubles at_least_zero(Doubles a) { return _mm_max_pd(a, _mm_setzero_pd()); }

/// Bit i: p[i] is not 0, of 64 bytes.
PYSNN_INLINE std::uint64_t nonzero_bytes(const std::uint8_t* p) {
    std::uint64_t zeros = 0;
    for (int i = 0; i < 64; i += 16) {
        const __m128i bytes = load_whole(p + i);
        zeros |= lane_bits(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_setzero_si128()))) << i;
    }
    return ~zeros;
}

/// Bit i: p[i] is not 0, of 8 words.
PYSNN_INLINE std::uint64_t nonzero_words(const std::uint64_t* p) {
    std::uint64_t mask = 0;
    for (int i = 0; i < 8; ++i) {
        mask |= std::uint64_t{p[i] != 0} << i;
    }
    return mask;
}

constexpr int kWordLanes = 2;
constexpr int kWordVectors = 2;  // counters in flight, to hide the multiplier's latency
using Words = __m128i;

PYSNN_INLINE Words load_words(const std::uint64_t* p) { return load_whole(p); }
PYSNN_INLINE Words broadcast_word(std::uint64_t a) {
    return _mm_set1_epi64x(static_cast<long long>(a));
}
PYSNN_INLINE Words multiply_low(Words a, Words b) { return _mm_mul_epu32(a, b); }
PYSNN_INLINE Words exclusive_or(Words a, Words b, Words c) {
    return _mm_xor_si128(_mm_xor_si128(a, b), c);
}
PYSNN_INLINE Words high_half(Words a) { return _mm_srli_epi64(a, 32); }
PYSNN_INLINE Words low_half(Words a) { return _mm_and_si128(a, _mm_set1_epi64x(0xFFFFFFFFLL)); }
// Both are below 2^33, so the difference's sign tells.
PYSNN_INLINE std::uint64_t below(Words a, Words b) {
    return lane_bits(_mm_movemask_pd(_mm_castsi128_pd(_mm_sub_epi64(a, b))));
}
