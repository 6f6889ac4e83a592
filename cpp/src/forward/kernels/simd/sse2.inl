// Vectors of four floats, and of two doubles. maximum() and minimum() give their second
// argument where either is NaN; truncate() is for numbers that fit 32 bits.

constexpr int kLanes = 4;
constexpr int kOutputs = 6;  // two windows of each fill 12 of 16 registers
using Floats = __m128;

PYSNN_INLINE Floats load(const float* p) { return _mm_loadu_ps(p); }
PYSNN_INLINE void store(float* p, Floats a) { _mm_storeu_ps(p, a); }
PYSNN_INLINE Floats broadcast(float a) { return _mm_set1_ps(a); }
PYSNN_INLINE Floats add(Floats a, Floats b) { return _mm_add_ps(a, b); }
PYSNN_INLINE Floats multiply(Floats a, Floats b) { return _mm_mul_ps(a, b); }
PYSNN_INLINE Floats maximum(Floats a, Floats b) { return _mm_max_ps(a, b); }
PYSNN_INLINE Floats minimum(Floats a, Floats b) { return _mm_min_ps(a, b); }
PYSNN_INLINE Floats truncate(Floats a) { return _mm_cvtepi32_ps(_mm_cvttps_epi32(a)); }

constexpr int kDoubles = 2;
using Doubles = __m128d;

PYSNN_INLINE Doubles load(const double* p) { return _mm_loadu_pd(p); }
PYSNN_INLINE void store(double* p, Doubles a) { _mm_storeu_pd(p, a); }
PYSNN_INLINE Doubles broadcast(double a) { return _mm_set1_pd(a); }
PYSNN_INLINE Doubles add(Doubles a, Doubles b) { return _mm_add_pd(a, b); }
PYSNN_INLINE Doubles subtract(Doubles a, Doubles b) { return _mm_sub_pd(a, b); }
PYSNN_INLINE Doubles multiply(Doubles a, Doubles b) { return _mm_mul_pd(a, b); }
PYSNN_INLINE Doubles maximum(Doubles a, Doubles b) { return _mm_max_pd(a, b); }
PYSNN_INLINE Doubles minimum(Doubles a, Doubles b) { return _mm_min_pd(a, b); }
PYSNN_INLINE Doubles truncate(Doubles a) { return _mm_cvtepi32_pd(_mm_cvttpd_epi32(a)); }
