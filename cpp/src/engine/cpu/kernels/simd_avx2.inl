// Eight floats or four 64-bit words; comparisons give lanes of all ones.

constexpr int kLanes = 8;
constexpr int kPassVectors = 8;         // sums of one pass over an event list
constexpr bool kManyRegisters = false;  // for thresholds, and for two sums of a whole pass
constexpr int kVectorsOf16 = 16 / kLanes;
using Floats = __m256;
using Mask = __m256;

PYSNN_INLINE Floats load(const float* p) { return _mm256_loadu_ps(p); }
PYSNN_INLINE void store(float* p, Floats a) { _mm256_storeu_ps(p, a); }
PYSNN_INLINE Floats broadcast(float a) { return _mm256_set1_ps(a); }
PYSNN_INLINE Floats add(Floats a, Floats b) { return _mm256_add_ps(a, b); }
PYSNN_INLINE Floats subtract(Floats a, Floats b) { return _mm256_sub_ps(a, b); }
PYSNN_INLINE Floats multiply(Floats a, Floats b) { return _mm256_mul_ps(a, b); }
PYSNN_INLINE Floats divide(Floats a, Floats b) { return _mm256_div_ps(a, b); }
PYSNN_INLINE Mask at_least(Floats a, Floats b) { return _mm256_cmp_ps(a, b, _CMP_GE_OQ); }
PYSNN_INLINE Mask both_of(Mask a, Mask b) { return _mm256_and_ps(a, b); }
PYSNN_INLINE Floats select(Mask m, Floats if_set, Floats otherwise) {
    return _mm256_blendv_ps(otherwise, if_set, m);
}
PYSNN_INLINE Floats zero_where(Mask m, Floats a) { return _mm256_andnot_ps(m, a); }
/// What a comparison's instruction gives for its lanes, as bits of a word.
PYSNN_INLINE std::uint64_t lane_bits(int mask) { return static_cast<std::uint32_t>(mask); }
PYSNN_INLINE std::uint64_t bits(Mask m) { return lane_bits(_mm256_movemask_ps(m)); }
/// a + b where bit i of the mask is set; a is no negative zero.
PYSNN_INLINE Floats add_where(std::uint64_t mask, Floats a, Floats b) {
    const __m256i lanes = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    const __m256i bits = _mm256_and_si256(_mm256_set1_epi32(static_cast<int>(mask)), lanes);
    return _mm256_add_ps(a, _mm256_and_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(bits, lanes)), b));
}
PYSNN_INLINE Floats multiply_add(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }

/// A vector of integers, of any size.
PYSNN_INLINE __m256i load_whole(const void* p) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}
PYSNN_INLINE void store_whole(void* p, __m256i a) {
    _mm256_storeu_si256(static_cast<__m256i*>(p), a);
}

constexpr int kShortLanes = 16;
constexpr int kShortPassVectors = 8;
using Shorts = __m256i;

PYSNN_INLINE Shorts load_shorts(const std::int16_t* p, int /*left*/) { return load_whole(p); }
PYSNN_INLINE void store_shorts(std::int16_t* p, Shorts a, int /*left*/) { store_whole(p, a); }
PYSNN_INLINE Shorts no_shorts() { return _mm256_setzero_si256(); }
PYSNN_INLINE Shorts add_shorts(Shorts a, Shorts b) { return _mm256_add_epi16(a, b); }
PYSNN_INLINE Shorts subtract_shorts(Shorts a, Shorts b) { return _mm256_sub_epi16(a, b); }
/// Eight sums leave too few registers to say which one a sum is in.
PYSNN_INLINE void add_in_place(Shorts& /*sum*/) {}

using Ints = __m256i;

/// The lower (0) or upper (1) half.
PYSNN_INLINE Ints to_ints(Shorts a, int half) {
    return _mm256_cvtepi16_epi32(half == 0 ? _mm256_castsi256_si128(a)
                                           : _mm256_extracti128_si256(a, 1));
}
PYSNN_INLINE Ints to_ints(Floats a) { return _mm256_cvtps_epi32(a); }
PYSNN_INLINE Floats to_floats(Ints a) { return _mm256_cvtepi32_ps(a); }
PYSNN_INLINE Ints no_ints() { return _mm256_setzero_si256(); }
PYSNN_INLINE Ints load_ints(const std::int32_t* p) { return load_whole(p); }
PYSNN_INLINE void store_ints(std::int32_t* p, Ints a) { store_whole(p, a); }
PYSNN_INLINE Ints add(Ints a, Ints b) { return _mm256_add_epi32(a, b); }
PYSNN_INLINE Ints next(Ints a) { return _mm256_add_epi32(a, _mm256_set1_epi32(1)); }
PYSNN_INLINE Mask above(Ints a, Ints b) { return _mm256_castsi256_ps(_mm256_cmpgt_epi32(a, b)); }
PYSNN_INLINE Ints zero_where(Mask m, Ints a) {
    return _mm256_andnot_si256(_mm256_castps_si256(m), a);
}
PYSNN_INLINE Ints subtract_where(Mask m, Ints a, Ints b) {
    return _mm256_sub_epi32(a, _mm256_and_si256(_mm256_castps_si256(m), b));
}
// Lanes of all ones are -1.
PYSNN_INLINE Ints next_where(Mask m, Ints a) { return _mm256_sub_epi32(a, _mm256_castps_si256(m)); }
PYSNN_INLINE Ints previous_where(Mask m, Ints a) {
    return _mm256_add_epi32(a, _mm256_castps_si256(m));
}

using Doubles = __m256d;

PYSNN_INLINE Doubles load_doubles(const double* p) { return _mm256_loadu_pd(p); }
PYSNN_INLINE void store_doubles(double* p, Doubles a) { _mm256_storeu_pd(p, a); }
/// The lower (0) or upper (1) half.
PYSNN_INLINE Doubles to_doubles(Floats a, int half) {
    return _mm256_cvtps_pd(half == 0 ? _mm256_castps256_ps128(a) : _mm256_extractf128_ps(a, 1));
}
PYSNN_INLINE Doubles add(Doubles a, Doubles b) { return _mm256_add_pd(a, b); }
PYSNN_INLINE Doubles subtract(Doubles a, Doubles b) { return _mm256_sub_pd(a, b); }
PYSNN_INLINE Doubles at_least_zero(Doubles a) { return _mm256_max_pd(a, _mm256_setzero_pd()); }

PYSNN_INLINE std::int64_t count_ones(std::uint64_t word) { return _mm_popcnt_u64(word); }
PYSNN_INLINE int lowest_one(std::uint64_t word) { return static_cast<int>(_tzcnt_u64(word)); }
PYSNN_INLINE std::uint64_t deposit_bits(std::uint64_t bits, std::uint64_t mask) {
    return _pdep_u64(bits, mask);
}

/// Bit i: p[i] is not 0, of 64 bytes.
PYSNN_INLINE std::uint64_t nonzero_bytes(const std::uint8_t* p) {
    std::uint64_t zeros = 0;
    for (int i = 0; i < 64; i += 32) {
        const __m256i bytes = load_whole(p + i);
        const __m256i is_zero = _mm256_cmpeq_epi8(bytes, _mm256_setzero_si256());
        zeros |= lane_bits(_mm256_movemask_epi8(is_zero)) << i;
    }
    return ~zeros;
}

/// Bit i: p[i] is not 0, of 8 words.
PYSNN_INLINE std::uint64_t nonzero_words(const std::uint64_t* p) {
    std::uint64_t zeros = 0;
    for (int i = 0; i < 8; i += 4) {
        const __m256i words = load_whole(p + i);
        const __m256i is_zero = _mm256_cmpeq_epi64(words, _mm256_setzero_si256());
        zeros |= lane_bits(_mm256_movemask_pd(_mm256_castsi256_pd(is_zero))) << i;
    }
    return ~zeros & 0xFFU;
}

constexpr int kWordLanes = 4;
constexpr int kWordVectors = 2;  // counters in flight, to hide the multiplier's latency
using Words = __m256i;

PYSNN_INLINE Words load_words(const std::uint64_t* p) { return load_whole(p); }
PYSNN_INLINE Words broadcast_word(std::uint64_t a) {
    return _mm256_set1_epi64x(static_cast<long long>(a));
}
PYSNN_INLINE Words multiply_low(Words a, Words b) { return _mm256_mul_epu32(a, b); }
PYSNN_INLINE Words exclusive_or(Words a, Words b, Words c) {
    return _mm256_xor_si256(_mm256_xor_si256(a, b), c);
}
PYSNN_INLINE Words high_half(Words a) { return _mm256_srli_epi64(a, 32); }
PYSNN_INLINE Words low_half(Words a) {
    return _mm256_and_si256(a, _mm256_set1_epi64x(0xFFFFFFFFLL));
}
// Both are below 2^33, so the difference's sign tells.
PYSNN_INLINE std::uint64_t below(Words a, Words b) {
    return lane_bits(_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_sub_epi64(a, b))));
}
