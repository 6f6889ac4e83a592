// Four floats or two 64-bit words in plain C++, for processors without kernels of their own.

constexpr int kLanes = 4;
constexpr int kPassVectors = 4;  // accumulators of one pass over an event list
struct Floats {
    float lane[kLanes];
};
struct Mask {
    bool lane[kLanes];
};

template <typename Function>
static inline Floats each(Function function) {
    return {{function(0), function(1), function(2), function(3)}};
}
static inline Floats load(const float* p) {
    return each([=](int i) { return p[i]; });
}
static inline void store(float* p, Floats a) {
    for (int i = 0; i < kLanes; ++i) {
        p[i] = a.lane[i];
    }
}
static inline Floats broadcast(float a) { return {{a, a, a, a}}; }
static inline Floats add(Floats a, Floats b) {
    return each([=](int i) { return a.lane[i] + b.lane[i]; });
}
static inline Floats subtract(Floats a, Floats b) {
    return each([=](int i) { return a.lane[i] - b.lane[i]; });
}
static inline Mask at_least(Floats a, Floats b) {
    return {{a.lane[0] >= b.lane[0], a.lane[1] >= b.lane[1], a.lane[2] >= b.lane[2],
             a.lane[3] >= b.lane[3]}};
}
static inline Floats select(Mask m, Floats if_set, Floats otherwise) {
    return each([=](int i) { return m.lane[i] ? if_set.lane[i] : otherwise.lane[i]; });
}
static inline std::uint64_t bits(Mask m) {
    std::uint64_t result = 0;
    for (int i = 0; i < kLanes; ++i) {
        result |= static_cast<std::uint64_t>(m.lane[i]) << i;
    }
    return result;
}

constexpr int kWordLanes = 2;
constexpr int kWordVectors = 2;  // counters in flight, to hide the multiplier's latency
struct Words {
    std::uint64_t lane[kWordLanes];
};

static inline Words load_words(const std::uint64_t* p) { return {{p[0], p[1]}}; }
static inline Words broadcast_word(std::uint64_t a) { return {{a, a}}; }
static inline Words low_half(Words a) {
    return {{a.lane[0] & 0xFFFFFFFFU, a.lane[1] & 0xFFFFFFFFU}};
}
static inline Words high_half(Words a) { return {{a.lane[0] >> 32, a.lane[1] >> 32}}; }
static inline Words multiply_low(Words a, Words b) {
    const Words x = low_half(a);
    const Words y = low_half(b);
    return {{x.lane[0] * y.lane[0], x.lane[1] * y.lane[1]}};
}
static inline Words exclusive_or(Words a, Words b) {
    return {{a.lane[0] ^ b.lane[0], a.lane[1] ^ b.lane[1]}};
}
static inline std::uint64_t below(Words a, Words b) {
    return static_cast<std::uint64_t>(a.lane[0] < b.lane[0]) |
           static_cast<std::uint64_t>(a.lane[1] < b.lane[1]) << 1;
}
