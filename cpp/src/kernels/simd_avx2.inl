// Eight floats or four 64-bit words; comparisons give lanes of all ones.

constexpr int kLanes = 8;
constexpr int kPassVectors = 4;  // accumulators of one pass over an event list
using Floats = __m256;
using Mask = __m256;

static inline Floats load(const float* p) { return _mm256_loadu_ps(p); }
static inline void store(float* p, Floats a) { _mm256_storeu_ps(p, a); }
static inline Floats broadcast(float a) { return _mm256_set1_ps(a); }
static inline Floats add(Floats a, Floats b) { return _mm256_add_ps(a, b); }
static inline Floats subtract(Floats a, Floats b) { return _mm256_sub_ps(a, b); }
static inline Mask at_least(Floats a, Floats b) { return _mm256_cmp_ps(a, b, _CMP_GE_OQ); }
static inline Floats select(Mask m, Floats if_set, Floats otherwise) {
    return _mm256_blendv_ps(otherwise, if_set, m);
}
static inline std::uint64_t bits(Mask m) {
    return static_cast<std::uint64_t>(_mm256_movemask_ps(m));
}

constexpr int kWordLanes = 4;
constexpr int kWordVectors = 2;  // counters in flight, to hide the multiplier's latency
using Words = __m256i;

static inline Words load_words(const std::uint64_t* p) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
static inline Words broadcast_word(std::uint64_t a) {
    return _mm256_set1_epi64x(static_cast<long long>(a));
}
static inline Words multiply_low(Words a, Words b) { return _mm256_mul_epu32(a, b); }
static inline Words exclusive_or(Words a, Words b) { return _mm256_xor_si256(a, b); }
static inline Words high_half(Words a) { return _mm256_srli_epi64(a, 32); }
static inline Words low_half(Words a) {
    return _mm256_and_si256(a, _mm256_set1_epi64x(0xFFFFFFFFLL));
}
// Both are below 2^33, so the difference's sign tells.
static inline std::uint64_t below(Words a, Words b) {
    return static_cast<std::uint64_t>(
        _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_sub_epi64(a, b))));
}
