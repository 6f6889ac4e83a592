// Vectors of four floats. maximum() and minimum() give their second argument where
// either is NaN; truncate() is for numbers that fit 32 bits.

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
