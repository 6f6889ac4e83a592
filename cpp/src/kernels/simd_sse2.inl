// Four floats or two 64-bit words: what every x86-64 has.

constexpr int kLanes = 4;
constexpr int kPassVectors = 4;  // accumulators of one pass over an event list
using Floats = __m128;
using Mask = __m128;

static inline Floats load(const float* p) { return _mm_loadu_ps(p); }
static inline void store(float* p, Floats a) { _mm_storeu_ps(p, a); }
static inline Floats broadcast(float a) { return _mm_set1_ps(a); }
static inline Floats add(Floats a, Floats b) { return _mm_add_ps(a, b); }
static inline Floats subtract(Floats a, Floats b) { return _mm_sub_ps(a, b); }
static inline Mask at_least(Floats a, Floats b) { return _mm_cmpge_ps(a, b); }
static inline Floats select(Mask m, Floats if_set, Floats otherwise) {
    return _mm_or_ps(_mm_and_ps(m, if_set), _mm_andnot_ps(m, otherwise));
}
static inline std::uint64_t bits(Mask m) { return static_cast<std::uint64_t>(_mm_movemask_ps(m)); }

constexpr int kWordLanes = 2;
constexpr int kWordVectors = 2;  // counters in flight, to hide the multiplier's latency
using Words = __m128i;

static inline Words load_words(const std::uint64_t* p) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}
static inline Words broadcast_word(std::uint64_t a) {
    return _mm_set1_epi64x(static_cast<long long>(a));
}
static inline Words multiply_low(Words a, Words b) { return _mm_mul_epu32(a, b); }
static inline Words exclusive_or(Words a, Words b) { return _mm_xor_si128(a, b); }
static inline Words high_half(Words a) { return _mm_srli_epi64(a, 32); }
static inline Words low_half(Words a) { return _mm_and_si128(a, _mm_set1_epi64x(0xFFFFFFFFLL)); }
// Both are below 2^33, so the difference's sign tells.
static inline std::uint64_t below(Words a, Words b) {
    return static_cast<std::uint64_t>(_mm_movemask_pd(_mm_castsi128_pd(_mm_sub_epi64(a, b))));
}
