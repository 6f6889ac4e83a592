// Vectors of four floats and of two doubles, in plain C++. maximum() and minimum() give their
// second argument where either is NaN; truncate() is for numbers that fit 32 bits, and gives 0 for
// NaN.

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

constexpr int kDoubles = 2;
struct Doubles {
    double lane[kDoubles];
};

PYSNN_INLINE Doubles load(const double* p) { return {{p[0], p[1]}}; }
PYSNN_INLINE void store(double* p, Doubles a) {
    for (int i = 0; i < kDoubles; ++i) {
        p[i] = a.lane[i];
    }
}
PYSNN_INLINE Doubles broadcast(double a) { return {{a, a}}; }
PYSNN_INLINE Doubles add(Doubles a, Doubles b) {
    for (int i = 0; i < kDoubles; ++i) {
        a.lane[i] += b.lane[i];
    }
    return a;
}
PYSNN_INLINE Doubles subtract(Doubles a, Doubles b) {
    for (int i = 0; i < kDoubles; ++i) {
        a.lane[i] -= b.lane[i];
    }
    return a;
}
PYSNN_INLINE Doubles multiply(Doubles a, Doubles b) {
    for (int i = 0; i < kDoubles; ++i) {
        a.lane[i] *= b.lane[i];
    }
    return a;
}
PYSNN_INLINE Doubles maximum(Doubles a, Doubles b) {
    for (int i = 0; i < kDoubles; ++i) {
        a.lane[i] = a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i];
    }
    return a;
}
PYSNN_INLINE Doubles minimum(Doubles a, Doubles b) {
    for (int i = 0; i < kDoubles; ++i) {
        a.lane[i] = a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i];
    }
    return a;
}
PYSNN_INLINE Doubles truncate(Doubles a) {
    for (int i = 0; i < kDoubles; ++i) {
        a.lane[i] = a.lane[i] == a.lane[i]
                        ? static_cast<double>(static_cast<std::int32_t>(a.lane[i]))
                        : 0.0;
    }
    return a;
}
