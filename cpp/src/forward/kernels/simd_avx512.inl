// Vectors of sixteen floats. maximum() and minimum() give their second argument where
// either is NaN; truncate() is for numbers that fit 32 bits.

constexpr int kLanes = 16;
constexpr int kOutputs = 12;  // two windows of each fill 24 of 32 registers
using Floats = __m512;

PYSNN_INLINE Floats load(const float* p) { return _mm512_loadu_ps(p); }
PYSNN_INLINE void store(float* p, Floats a) { _mm512_storeu_ps(p, a); }
PYSNN_INLINE Floats broadcast(float a) { return _mm512_set1_ps(a); }
PYSNN_INLINE Floats add(Floats a, Floats b) { return _mm512_add_ps(a, b); }
PYSNN_INLINE Floats multiply(Floats a, Floats b) { return _mm512_mul_ps(a, b); }
PYSNN_INLINE Floats maximum(Floats a, Floats b) { return _mm512_max_ps(a, b); }
PYSNN_INLINE Floats minimum(Floats a, Floats b) { return _mm512_min_ps(a, b); }
PYSNN_INLINE Floats truncate(Floats a) { return _mm512_cvtepi32_ps(_mm512_cvttps_epi32(a)); }
