// Vectors of four floats in plain C++. maximum() and minimum() give their second argument
// where either is NaN; truncate() is for numbers that fit 32 bits, and gives 0 for NaN.

constexpr int kLanes = 4;
constexpr int kOutputs = 6;
struct Floats {
    float lane[kLanes];
};

PYSNN_INLINE Floats load(const float* p) { return {{p[0], p[1], p[2], p[3]}}; }
PYSNN_INLINE void store(float* p, Floats a) {
    for (int i = 0; i < kLanes; ++i) {
        p[i] = a.lane[i];
    }
}
PYSNN_INLINE Floats broadcast(float a) { return {{a, a, a, a}}; }
PYSNN_INLINE Floats add(Floats a, Floats b) {
    for (int i = 0; i < kLanes; ++i) {
        a.lane[i] += b.lane[i];
    }
    return a;
}
PYSNN_INLINE Floats multiply(Floats a, Floats b) {
    for (int i = 0; i < kLanes; ++i) {
        a.lane[i] *= b.lane[i];
    }
    return a;
}
PYSNN_INLINE Floats maximum(Floats a, Floats b) {
    for (int i = 0; i < kLanes; ++i) {
        a.lane[i] = a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i];
    }
    return a;
}
PYSNN_INLINE Floats minimum(Floats a, Floats b) {
    for (int i = 0; i < kLanes; ++i) {
        a.lane[i] = a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i];
    }
    return a;
}
PYSNN_INLINE Floats truncate(Floats a) {
    for (int i = 0; i < kLanes; ++i) {
        a.lane[i] = a.lane[i] == a.lane[i]
                        ? static_cast<float>(static_cast<std::int32_t>(a.lane[i]))
                        : 0.0F;
    }
    return a;
}
