// Vectors of four floats, and of two doubles. maximum() and minimum() give their second
// argument where either is NaN; truncate() is for numbers that fit 32 bits.
//
// Structs tell vectors apart: Microsoft's compiler has one type for all of NEON's.

constexpr int kLanes = 4;
constexpr int kOutputs = 12;  // two windows of each fill 24 of 32 registers
struct Floats {
    float32x4_t v;
};

PYSNN_INLINE Floats load(const float* p) { return {vld1q_f32(p)}; }
PYSNN_INLINE void store(float* p, Floats a) { vst1q_f32(p, a.v); }
PYSNN_INLINE Floats broadcast(float a) { return {vdupq_n_f32(a)}; }
PYSNN_INLINE Floats add(Floats a, Floats b) { return {vaddq_f32(a.v, b.v)}; }
PYSNN_INLINE Floats multiply(Floats a, Floats b) { return {vmulq_f32(a.v, b.v)}; }
// FMAX and FMIN would spread NaN, and choose among zeros by their signs.
PYSNN_INLINE Floats maximum(Floats a, Floats b) {
    return {vbslq_f32(vcgtq_f32(a.v, b.v), a.v, b.v)};
}
PYSNN_INLINE Floats minimum(Floats a, Floats b) {
    return {vbslq_f32(vcltq_f32(a.v, b.v), a.v, b.v)};
}
// By way of integers, which have no negative zero.
PYSNN_INLINE Floats truncate(Floats a) { return {vcvtq_f32_s32(vcvtq_s32_f32(a.v))}; }

constexpr int kDoubles = 2;
struct Doubles {
    float64x2_t v;
};

PYSNN_INLINE Doubles load(const double* p) { return {vld1q_f64(p)}; }
PYSNN_INLINE void store(double* p, Doubles a) { vst1q_f64(p, a.v); }
PYSNN_INLINE Doubles broadcast(double a) { return {vdupq_n_f64(a)}; }
PYSNN_INLINE Doubles add(Doubles a, Doubles b) { return {vaddq_f64(a.v, b.v)}; }
PYSNN_INLINE Doubles subtract(Doubles a, Doubles b) { return {vsubq_f64(a.v, b.v)}; }
PYSNN_INLINE Doubles multiply(Doubles a, Doubles b) { return {vmulq_f64(a.v, b.v)}; }
PYSNN_INLINE Doubles maximum(Doubles a, Doubles b) {
    return {vbslq_f64(vcgtq_f64(a.v, b.v), a.v, b.v)};
}
PYSNN_INLINE Doubles minimum(Doubles a, Doubles b) {
    return {vbslq_f64(vcltq_f64(a.v, b.v), a.v, b.v)};
}
PYSNN_INLINE Doubles truncate(Doubles a) { return {vrndq_f64(a.v)}; }
