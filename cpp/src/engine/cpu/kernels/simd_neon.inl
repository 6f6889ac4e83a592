// Four floats or two 64-bit words; comparisons give lanes of all ones.
//
// Structs tell vectors apart: Microsoft's compiler has one type for all of NEON's.

constexpr int kLanes = 4;
// Sums of one pass over an event list: with membranes and bases, 24 of 32 registers. Thresholds
// come from memory, or nothing would be left for the rows that events load.
constexpr int kPassVectors = 8;
constexpr bool kManyRegisters = false;  // for thresholds, and for two sums of a whole pass
constexpr int kVectorsOf16 = 16 / kLanes;
struct Floats {
    float32x4_t v;
};
struct Mask {
    uint32x4_t v;
};

PYSNN_INLINE Floats load(const float* p) { return {vld1q_f32(p)}; }
PYSNN_INLINE void store(float* p, Floats a) { vst1q_f32(p, a.v); }
PYSNN_INLINE Floats broadcast(float a) { return {vdupq_n_f32(a)}; }
PYSNN_INLINE Floats add(Floats a, Floats b) { return {vaddq_f32(a.v, b.v)}; }
PYSNN_INLINE Floats subtract(Floats a, Floats b) { return {vsubq_f32(a.v, b.v)}; }
PYSNN_INLINE Floats multiply(Floats a, Floats b) { return {vmulq_f32(a.v, b.v)}; }
PYSNN_INLINE Floats divide(Floats a, Floats b) { return {vdivq_f32(a.v, b.v)}; }
PYSNN_INLINE Mask at_least(Floats a, Floats b) { return {vcgeq_f32(a.v, b.v)}; }
PYSNN_INLINE Mask both_of(Mask a, Mask b) { return {vandq_u32(a.v, b.v)}; }
PYSNN_INLINE Floats select(Mask m, Floats if_set, Floats otherwise) {
    return {vbslq_f32(m.v, if_set.v, otherwise.v)};
}
/// `a` where the mask's lanes are all ones, 0 elsewhere.
PYSNN_INLINE Floats keep_where(uint32x4_t mask, Floats a) {
    return {vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(a.v), mask))};
}
PYSNN_INLINE Floats zero_where(Mask m, Floats a) { return keep_where(vmvnq_u32(m.v), a); }
constexpr std::uint32_t kLaneBits[kLanes] = {1, 2, 4, 8};
PYSNN_INLINE std::uint64_t bits(Mask m) { return vaddvq_u32(vandq_u32(m.v, vld1q_u32(kLaneBits))); }
/// a + b where bit i of the mask is set; a is no negative zero.
PYSNN_INLINE Floats add_where(std::uint64_t mask, Floats a, Floats b) {
    const uint32x4_t all = vdupq_n_u32(static_cast<std::uint32_t>(mask));
    return add(a, keep_where(vtstq_u32(all, vld1q_u32(kLaneBits)), b));
}
PYSNN_INLINE Floats multiply_add(Floats a, Floats b, Floats c) {
    return {vfmaq_f32(c.v, a.v, b.v)};
}

constexpr int kShortLanes = 8;
constexpr int kShortPassVectors = 8;
struct Shorts {
    int16x8_t v;
};

PYSNN_INLINE Shorts load_shorts(const std::int16_t* p, int /*left*/) { return {vld1q_s16(p)}; }
PYSNN_INLINE void store_shorts(std::int16_t* p, Shorts a, int /*left*/) { vst1q_s16(p, a.v); }
PYSNN_INLINE Shorts no_shorts() { return {vdupq_n_s16(0)}; }
PYSNN_INLINE Shorts add_shorts(Shorts a, Shorts b) { return {vaddq_s16(a.v, b.v)}; }
PYSNN_INLINE Shorts subtract_shorts(Shorts a, Shorts b) { return {vsubq_s16(a.v, b.v)}; }
/// An addition names the register of its result: no sum is copied.
PYSNN_INLINE void add_in_place(Shorts& /*sum*/) {}

struct Ints {
    int32x4_t v;
};

/// The lower (0) or upper (1) half.
PYSNN_INLINE Ints to_ints(Shorts a, int half) {
    return {half == 0 ? vmovl_s16(vget_low_s16(a.v)) : vmovl_high_s16(a.v)};
}
PYSNN_INLINE Ints to_ints(Floats a) { return {vcvtnq_s32_f32(a.v)}; }
PYSNN_INLINE Floats to_floats(Ints a) { return {vcvtq_f32_s32(a.v)}; }
PYSNN_INLINE Ints no_ints() { return {vdupq_n_s32(0)}; }
PYSNN_INLINE Ints load_ints(const std::int32_t* p) { return {vld1q_s32(p)}; }
PYSNN_INLINE void store_ints(std::int32_t* p, Ints a) { vst1q_s32(p, a.v); }
PYSNN_INLINE Ints add(Ints a, Ints b) { return {vaddq_s32(a.v, b.v)}; }
PYSNN_INLINE Ints next(Ints a) { return {vaddq_s32(a.v, vdupq_n_s32(1))}; }
PYSNN_INLINE Mask above(Ints a, Ints b) { return {vcgtq_s32(a.v, b.v)}; }
PYSNN_INLINE Ints zero_where(Mask m, Ints a) {
    return {vbicq_s32(a.v, vreinterpretq_s32_u32(m.v))};
}
PYSNN_INLINE Ints subtract_where(Mask m, Ints a, Ints b) {
    return {vsubq_s32(a.v, vandq_s32(vreinterpretq_s32_u32(m.v), b.v))};
}
// Lanes of all ones are -1.
PYSNN_INLINE Ints next_where(Mask m, Ints a) {
    return {vsubq_s32(a.v, vreinterpretq_s32_u32(m.v))};
}
PYSNN_INLINE Ints previous_where(Mask m, Ints a) {
    return {vaddq_s32(a.v, vreinterpretq_s32_u32(m.v))};
}

struct Doubles {
    float64x2_t v;
};

PYSNN_INLINE Doubles load_doubles(const double* p) { return {vld1q_f64(p)}; }
PYSNN_INLINE void store_doubles(double* p, Doubles a) { vst1q_f64(p, a.v); }
/// The lower (0) or upper (1) half.
PYSNN_INLINE Doubles to_doubles(Floats a, int half) {
    return {half == 0 ? vcvt_f64_f32(vget_low_f32(a.v)) : vcvt_high_f64_f32(a.v)};
}
PYSNN_INLINE Doubles add(Doubles a, Doubles b) { return {vaddq_f64(a.v, b.v)}; }
PYSNN_INLINE Doubles subtract(Doubles a, Doubles b) { return {vsubq_f64(a.v, b.v)}; }
/// 0 for NaN, as x86 has it; FMAX would give NaN.
PYSNN_INLINE Doubles at_least_zero(Doubles a) { return {vmaxnmq_f64(a.v, vdupq_n_f64(0.0))}; }

PYSNN_INLINE std::int64_t count_ones(std::uint64_t word) {
    return vaddv_u8(vcnt_u8(vcreate_u8(word)));
}

constexpr std::uint8_t kByteBits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};

/// Bit i: p[i] is not 0, of 64 bytes.
PYSNN_INLINE std::uint64_t nonzero_bytes(const std::uint8_t* p) {
    uint8x16_t bit[4];
    for (int i = 0; i < 4; ++i) {
        const uint8x16_t bytes = vld1q_u8(p + i * 16);
        bit[i] = vandq_u8(vtstq_u8(bytes, bytes), vld1q_u8(kByteBits));
    }
    // Sums of two, of four, of eight neighbours.
    const uint8x16_t fours = vpaddq_u8(vpaddq_u8(bit[0], bit[1]), vpaddq_u8(bit[2], bit[3]));
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(fours, fours)), 0);
}

/// Bit i: p[i] is not 0, of 8 words.
PYSNN_INLINE std::uint64_t nonzero_words(const std::uint64_t* p) {
    uint32x4_t is_set[2];
    for (int i = 0; i < 2; ++i) {
        const uint64x2_t low = vld1q_u64(p + i * 4);
        const uint64x2_t high = vld1q_u64(p + i * 4 + 2);
        // The even halves of lanes that are all ones or 0.
        is_set[i] = vuzp1q_u32(vreinterpretq_u32_u64(vtstq_u64(low, low)),
                               vreinterpretq_u32_u64(vtstq_u64(high, high)));
    }
    const uint16x8_t words =
        vuzp1q_u16(vreinterpretq_u16_u32(is_set[0]), vreinterpretq_u16_u32(is_set[1]));
    return vaddv_u8(vand_u8(vmovn_u16(words), vld1_u8(kByteBits)));
}

constexpr int kWordLanes = 2;
constexpr int kWordVectors = 4;  // counters in flight, to hide the multiplier's latency
struct Words {
    uint64x2_t v;
};

constexpr std::uint64_t kWordBits[kWordLanes] = {1, 2};

PYSNN_INLINE Words load_words(const std::uint64_t* p) { return {vld1q_u64(p)}; }
PYSNN_INLINE Words broadcast_word(std::uint64_t a) { return {vdupq_n_u64(a)}; }
PYSNN_INLINE Words multiply_low(Words a, Words b) {
    return {vmull_u32(vmovn_u64(a.v), vmovn_u64(b.v))};
}
PYSNN_INLINE Words exclusive_or(Words a, Words b, Words c) {
    return {veorq_u64(veorq_u64(a.v, b.v), c.v)};
}
PYSNN_INLINE Words high_half(Words a) { return {vshrq_n_u64(a.v, 32)}; }
PYSNN_INLINE Words low_half(Words a) { return {vandq_u64(a.v, vdupq_n_u64(0xFFFFFFFFU))}; }
PYSNN_INLINE std::uint64_t below(Words a, Words b) {
    return vaddvq_u64(vandq_u64(vcltq_u64(a.v, b.v), vld1q_u64(kWordBits)));
}
