// Sixteen floats or eight 64-bit words; comparisons give mask registers.

constexpr int kLanes = 16;
constexpr int kPassVectors = 4;  // accumulators of one pass over an event list
using Floats = __m512;
using Mask = __mmask16;

static inline Floats load(const float* p) { return _mm512_loadu_ps(p); }
static inline void store(float* p, Floats a) { _mm512_storeu_ps(p, a); }
static inline Floats broadcast(float a) { return _mm512_set1_ps(a); }
static inline Floats add(Floats a, Floats b) { return _mm512_add_ps(a, b); }
static inline Floats subtract(Floats a, Floats b) { return _mm512_sub_ps(a, b); }
static inline Mask at_least(Floats a, Floats b) { return _mm512_cmp_ps_mask(a, b, _CMP_GE_OQ); }
static inline Floats select(Mask m, Floats if_set, Floats otherwise) {
    return _mm512_mask_blend_ps(m, otherwise, if_set);
}
static inline std::uint64_t bits(Mask m) { return m; }

constexpr int kWordLanes = 8;
constexpr int kWordVectors = 4;  // counters in flight, to hide the multiplier's latency
using Words = __m512i;

static inline Words load_words(const std::uint64_t* p) { return _mm512_loadu_si512(p); }
static inline Words broadcast_word(std::uint64_t a) {
    return _mm512_set1_epi64(static_cast<long long>(a));
}
static inline Words multiply_low(Words a, Words b) { return _mm512_mul_epu32(a, b); }
static inline Words exclusive_or(Words a, Words b) { return _mm512_xor_si512(a, b); }
static inline Words high_half(Words a) { return _mm512_srli_epi64(a, 32); }
static inline Words low_half(Words a) {
    return _mm512_and_si512(a, _mm512_set1_epi64(0xFFFFFFFFLL));
}
static inline std::uint64_t below(Words a, Words b) { return _mm512_cmplt_epu64_mask(a, b); }
