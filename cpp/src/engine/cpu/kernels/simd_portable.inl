// Four floats or two 64-bit words in plain C++, for processors without kernels of their own.

constexpr int kLanes = 4;
constexpr int kPassVectors = 4;         // sums of one pass over an event list
constexpr bool kManyRegisters = false;  // for thresholds, and for two sums of a whole pass
constexpr int kVectorsOf16 = 16 / kLanes;
struct Floats {
    float lane[kLanes];
};
struct Mask {
    bool lane[kLanes];
};

template <typename Function>
PYSNN_INLINE Floats each(Function function) {
    return {{function(0), function(1), function(2), function(3)}};
}
PYSNN_INLINE Floats load(const float* p) {
    return each([=](int i) { return p[i]; });
}
PYSNN_INLINE void store(float* p, Floats a) {
    for (int i = 0; i < kLanes; ++i) {
        p[i] = a.lane[i];
    }
}
PYSNN_INLINE Floats broadcast(float a) { return {{a, a, a, a}}; }
PYSNN_INLINE Floats add(Floats a, Floats b) {
    return each([=](int i) { return a.lane[i] + b.lane[i]; });
}
PYSNN_INLINE Floats subtract(Floats a, Floats b) {
    return each([=](int i) { return a.lane[i] - b.lane[i]; });
}
PYSNN_INLINE Floats multiply(Floats a, Floats b) {
    return each([=](int i) { return a.lane[i] * b.lane[i]; });
}
PYSNN_INLINE Floats divide(Floats a, Floats b) {
    return each([=](int i) { return a.lane[i] / b.lane[i]; });
}
PYSNN_INLINE Mask at_least(Floats a, Floats b) {
    return {{a.lane[0] >= b.lane[0], a.lane[1] >= b.lane[1], a.lane[2] >= b.lane[2],
             a.lane[3] >= b.lane[3]}};
}
PYSNN_INLINE Mask both_of(Mask a, Mask b) {
    return {{a.lane[0] && b.lane[0], a.lane[1] && b.lane[1], a.lane[2] && b.lane[2],
             a.lane[3] && b.lane[3]}};
}
PYSNN_INLINE Floats select(Mask m, Floats if_set, Floats otherwise) {
    return each([=](int i) { return m.lane[i] ? if_set.lane[i] : otherwise.lane[i]; });
}
PYSNN_INLINE Floats zero_where(Mask m, Floats a) {
    return each([=](int i) { return m.lane[i] ? 0.0F : a.lane[i]; });
}
PYSNN_INLINE std::uint64_t bits(Mask m) {
    std::uint64_t result = 0;
    for (int i = 0; i < kLanes; ++i) {
        result |= std::uint64_t{m.lane[i]} << i;
    }
    return result;
}
/// a + b where bit i of the mask is set.
PYSNN_INLINE Floats add_where(std::uint64_t mask, Floats a, Floats b) {
    return each([=](int i) { return (mask >> i & 1U) != 0 ? a.lane[i] + b.lane[i] : a.lane[i]; });
}
PYSNN_INLINE Floats multiply_add(Floats a, Floats b, Floats c) {
    return each([=](int i) { return a.lane[i] * b.lane[i] + c.lane[i]; });
}

constexpr int kShortLanes = 8;
constexpr int kShortPassVectors = 4;
struct Shorts {
    std::int16_t lane[kShortLanes];
};

PYSNN_INLINE Shorts load_shorts(const std::int16_t* p, int /*left*/) {
    Shorts a;
    for (int i = 0; i < kShortLanes; ++i) {
        a.lane[i] = p[i];
    }
    return a;
}
PYSNN_INLINE void store_shorts(std::int16_t* p, Shorts a, int /*left*/) {
    for (int i = 0; i < kShortLanes; ++i) {
        p[i] = a.lane[i];
    }
}
PYSNN_INLINE Shorts no_shorts() { return {}; }
PYSNN_INLINE Shorts add_shorts(Shorts a, Shorts b) {
    for (int i = 0; i < kShortLanes; ++i) {
        a.lane[i] = static_cast<std::int16_t>(a.lane[i] + b.lane[i]);
    }
    return a;
}
PYSNN_INLINE Shorts subtract_shorts(Shorts a, Shorts b) {
    for (int i = 0; i < kShortLanes; ++i) {
        a.lane[i] = static_cast<std::int16_t>(a.lane[i] - b.lane[i]);
    }
    return a;
}
/// Where registers are the compiler's own affair, there is nothing to do.
PYSNN_INLINE void add_in_place(Shorts& /*sum*/) {}

struct Ints {
    std::int32_t lane[kLanes];
};

/// The lower (0) or upper (1) half.
PYSNN_INLINE Ints to_ints(Shorts a, int half) {
    const std::int16_t* lane = a.lane + half * kLanes;
    return {{lane[0], lane[1], lane[2], lane[3]}};
}
/// Numbers that may have a fraction but are within the range.
PYSNN_INLINE Ints to_ints(Floats a) {
    return {{static_cast<std::int32_t>(a.lane[0]), static_cast<std::int32_t>(a.lane[1]),
             static_cast<std::int32_t>(a.lane[2]), static_cast<std::int32_t>(a.lane[3])}};
}
PYSNN_INLINE Floats to_floats(Ints a) {
    return each([=](int i) { return static_cast<float>(a.lane[i]); });
}
PYSNN_INLINE Ints no_ints() { return {}; }
PYSNN_INLINE Ints load_ints(const std::int32_t* p) { return {{p[0], p[1], p[2], p[3]}}; }
PYSNN_INLINE void store_ints(std::int32_t* p, Ints a) {
    for (int i = 0; i < kLanes; ++i) {
        p[i] = a.lane[i];
    }
}
PYSNN_INLINE Ints add(Ints a, Ints b) {
    return {{a.lane[0] + b.lane[0], a.lane[1] + b.lane[1], a.lane[2] + b.lane[2],
             a.lane[3] + b.lane[3]}};
}
PYSNN_INLINE Ints next(Ints a) { return add(a, {{1, 1, 1, 1}}); }
PYSNN_INLINE Mask above(Ints a, Ints b) {
    return {{a.lane[0] > b.lane[0], a.lane[1] > b.lane[1], a.lane[2] > b.lane[2],
             a.lane[3] > b.lane[3]}};
}
PYSNN_INLINE Ints subtract_where(Mask m, Ints a, Ints b) {
    for (int i = 0; i < kLanes; ++i) {
        a.lane[i] -= m.lane[i] ? b.lane[i] : 0;
    }
    return a;
}
PYSNN_INLINE Ints zero_where(Mask m, Ints a) { return subtract_where(m, a, a); }
PYSNN_INLINE Ints next_where(Mask m, Ints a) { return subtract_where(m, a, {{-1, -1, -1, -1}}); }
PYSNN_INLINE Ints previous_where(Mask m, Ints a) { return subtract_where(m, a, {{1, 1, 1, 1}}); }

struct Doubles {
    double lane[2];
};

PYSNN_INLINE Doubles load_doubles(const double* p) { return {{p[0], p[1]}}; }
PYSNN_INLINE void store_doubles(double* p, Doubles a) {
    p[0] = a.lane[0];
    p[1] = a.lane[1];
}
/// The lower (0) or upper (1) half.
PYSNN_INLINE Doubles to_doubles(Floats a, int half) {
    return {{a.lane[2 * half], a.lane[2 * half + 1]}};
}
PYSNN_INLINE Doubles add(Doubles a, Doubles b) {
    return {{a.lane[0] + b.lane[0], a.lane[1] + b.lane[1]}};
}
PYSNN_INLINE Doubles subtract(Doubles a, Doubles b) {
    return {{a.lane[0] - b.lane[0], a.lane[1] - b.lane[1]}};
}
PYSNN_INLINE Doubles at_least_zero(Doubles a) {
    return {{a.lane[0] > 0.0 ? a.lane[0] : 0.0, a.lane[1] > 0.0 ? a.lane[1] : 0.0}};
}

/// Bit i: p[i] is not 0, of 64 bytes.
PYSNN_INLINE std::uint64_t nonzero_bytes(const std::uint8_t* p) {
    std::uint64_t mask = 0;
    for (int i = 0; i < 64; ++i) {
        mask |= std::uint64_t{p[i] != 0} << i;
    }
    return mask;
}

/// Bit i: p[i] is not 0, of 8 words.
PYSNN_INLINE std::uint64_t nonzero_words(const std::uint64_t* p) {
    std::uint64_t mask = 0;
    for (int i = 0; i < 8; ++i) {
        mask |= std::uint64_t{p[i] != 0} << i;
    }
    return mask;
}

constexpr int kWordLanes = 2;
constexpr int kWordVectors = 2;  // counters in flight, to hide the multiplier's latency
struct Words {
    std::uint64_t lane[kWordLanes];
};

PYSNN_INLINE Words load_words(const std::uint64_t* p) { return {{p[0], p[1]}}; }
PYSNN_INLINE Words broadcast_word(std::uint64_t a) { return {{a, a}}; }
PYSNN_INLINE Words low_half(Words a) {
    return {{a.lane[0] & 0xFFFFFFFFU, a.lane[1] & 0xFFFFFFFFU}};
}
PYSNN_INLINE Words high_half(Words a) { return {{a.lane[0] >> 32, a.lane[1] >> 32}}; }
PYSNN_INLINE Words multiply_low(Words a, Words b) {
    const Words x = low_half(a);
    const Words y = low_half(b);
    return {{x.lane[0] * y.lane[0], x.lane[1] * y.lane[1]}};
}
PYSNN_INLINE Words exclusive_or(Words a, Words b, Words c) {
    return {{a.lane[0] ^ b.lane[0] ^ c.lane[0], a.lane[1] ^ b.lane[1] ^ c.lane[1]}};
}
PYSNN_INLINE std::uint64_t below(Words a, Words b) {
    return std::uint64_t{a.lane[0] < b.lane[0]} | std::uint64_t{a.lane[1] < b.lane[1]} << 1;
}
