// Vectors of eight floats, and of four doubles. maximum() and minimum() give their second
// argument where either is NaN; truncate() is for numbers that fit 32 bits.

constexpr int kLanes = 8;
constexpr int kOutputs = 6;  // two windows of each fill 12 of 16 registers
using Floats = __m256;

PYSNN_INLINE Floats load(const float* p) { return _mm256_loadu_ps(p); }
PYSNN_INLINE void store(float* p, Floats a) { _mm256_storeu_ps(p, a); }
PYSNN_INLINE Floats broadcast(float a) { return _mm256_set1_ps(a); }
PYSNN_INLINE Floats add(Floats a, Floats b) { return _mm256_add_ps(a, b); }
PYSNN_INLINE Floats multiply(Floats a, Floats b) { return _mm256_mul_ps(a, b); }
PYSNN_INLINE Floats maximum(Floats a, Floats b) { return _mm256_max_ps(a, b); }
PYSNN_INLINE Floats minimum(Floats a, Floats b) { return _mm256_min_ps(a, b); }
PYSNN_INLINE Floats truncate(Floats a) { return _mm256_cvtepi32_ps(_mm256_cvttps_epi32(a)); }

constexpr int kDoubles = 4;
using Doubles = __m256d;

PYSNN_INLINE Doubles load(const double* p) { return _mm256_loadu_pd(p); }
PYSNN_INLINE void store(double* p, Doubles a) { _mm256_storeu_pd(p, a); }
PYSNN_INLINE Doubles broadcast(double a) { return _mm256_set1_pd(a); }
PYSNN_INLINE Doubles add(Doubles a, Doubles b) { return _mm256_add_pd(a, b); }
PYSNN_INLINE Doubles subtract(Doubles a, Doubles b) { return _mm256_sub_pd(a, b); }
PYSNN_INLINE Doubles multiply(Doubles a, Doubles b) { return _mm256_mul_pd(a, b); }
PYSNN_INLINE Doubles maximum(Doubles a, Doubles b) { return _mm256_max_pd(a, b); }
PYSNN_INLINE Doubles minimum(Doubles a, Doubles b) { return _mm256_min_pd(a, b); }
PYSNN_INLINE Doubles truncate(Doubles a) {
    return _mm256_round_pd(a, _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC);
}
