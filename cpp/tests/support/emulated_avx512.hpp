// The AVX-512 intrinsics that the kernels use, imitated one lane at a time.
#pragma once

// The AVX-512 intrinsics that the kernels use, imitated with the compiler's vector extension, so
// that these kernels can be tested on any machine (CMake option PYSNN_EMULATE_AVX512). Takes the
// place of <immintrin.h>; says what each instruction does, lane by lane, and nothing of its speed.

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

typedef float __m512 __attribute__((vector_size(64)));
typedef float __m256 __attribute__((vector_size(32)));
typedef double __m512d __attribute__((vector_size(64)));
typedef std::int64_t __m512i __attribute__((vector_size(64)));
typedef std::int64_t __m128i __attribute__((vector_size(16)));
typedef std::int64_t __m256i __attribute__((vector_size(32)));
using __mmask16 = std::uint16_t;
using __mmask32 = std::uint32_t;

namespace emulated {

template <typename Lane, typename Vector>
struct Lanes {
    static constexpr int kCount = static_cast<int>(sizeof(Vector) / sizeof(Lane));
    Lane lane[kCount];

    explicit Lanes(const Vector& vector) { std::memcpy(lane, &vector, sizeof vector); }
    Lanes() { std::memset(lane, 0, sizeof lane); }
    Vector vector() const {
        Vector result;
        std::memcpy(&result, lane, sizeof result);
        return result;
    }
};

template <typename Lane, typename Function>
__m512i each(__m512i a, __m512i b, Function function) {
    const Lanes<Lane, __m512i> x(a);
    const Lanes<Lane, __m512i> y(b);
    Lanes<Lane, __m512i> result;
    for (int i = 0; i < result.kCount; ++i) {
        result.lane[i] = static_cast<Lane>(function(x.lane[i], y.lane[i]));
    }
    return result.vector();
}

template <typename From, typename To>
__m512i widen(__m256i a) {
    const Lanes<From, __m256i> x(a);
    Lanes<To, __m512i> result;
    for (int i = 0; i < result.kCount; ++i) {
        result.lane[i] = static_cast<To>(x.lane[i]);
    }
    return result.vector();
}

template <typename Lane, typename Bits>
__m512i compress(Bits mask, __m512i a) {
    const Lanes<Lane, __m512i> x(a);
    Lanes<Lane, __m512i> result;
    int count = 0;
    for (int i = 0; i < result.kCount; ++i) {
        if ((mask >> i & 1U) != 0) {
            result.lane[count++] = x.lane[i];
        }
    }
    return result.vector();
}

template <typename Lane, typename Vector, typename Test>
std::uint64_t mask_of(const Vector& a, const Vector& b, Test test) {
    const Lanes<Lane, Vector> x(a);
    const Lanes<Lane, Vector> y(b);
    std::uint64_t mask = 0;
    for (int i = 0; i < x.kCount; ++i) {
        mask |= static_cast<std::uint64_t>(test(x.lane[i], y.lane[i])) << i;
    }
    return mask;
}

template <typename Lane, typename Bits>
__m512i blend(Bits mask, __m512i if_clear, __m512i if_set) {
    Lanes<Lane, __m512i> result(if_clear);
    const Lanes<Lane, __m512i> x(if_set);
    for (int i = 0; i < result.kCount; ++i) {
        if ((mask >> i & 1U) != 0) {
            result.lane[i] = x.lane[i];
        }
    }
    return result.vector();
}

}  // namespace emulated

constexpr int _CMP_GE_OQ = 0x1D;

static inline __m512 _mm512_loadu_ps(const float* p) {
    __m512 a;
    std::memcpy(&a, p, sizeof a);
    return a;
}
static inline void _mm512_storeu_ps(float* p, __m512 a) { std::memcpy(p, &a, sizeof a); }
static inline __m512 _mm512_set1_ps(float a) { return __m512{} + a; }
static inline __m512 _mm512_add_ps(__m512 a, __m512 b) { return a + b; }
static inline __m512 _mm512_sub_ps(__m512 a, __m512 b) { return a - b; }
static inline __m512 _mm512_fmadd_ps(__m512 a, __m512 b, __m512 c) {
    for (int i = 0; i < 16; ++i) {
        c[i] = std::fma(a[i], b[i], c[i]);
    }
    return c;
}
static inline __m512 _mm512_mul_ps(__m512 a, __m512 b) { return a * b; }
static inline __m512 _mm512_max_ps(__m512 a, __m512 b) { return a > b ? a : b; }
static inline __m512 _mm512_min_ps(__m512 a, __m512 b) { return a < b ? a : b; }
static inline __m512 _mm512_div_ps(__m512 a, __m512 b) { return a / b; }
static inline __mmask16 _mm512_cmp_ps_mask(__m512 a, __m512 b, int) {
    return static_cast<__mmask16>(
        emulated::mask_of<float>(a, b, [](float x, float y) { return x >= y; }));
}
static inline __m512 _mm512_mask_blend_ps(__mmask16 mask, __m512 if_clear, __m512 if_set) {
    for (int i = 0; i < 16; ++i) {
        if ((mask >> i & 1) != 0) {
            if_clear[i] = if_set[i];
        }
    }
    return if_clear;
}
static inline __m512 _mm512_mask_add_ps(__m512 if_clear, __mmask16 mask, __m512 a, __m512 b) {
    return _mm512_mask_blend_ps(mask, if_clear, a + b);
}
static inline __m512 _mm512_setzero_ps() { return __m512{}; }

static inline __m512d _mm512_loadu_pd(const double* p) {
    __m512d a;
    std::memcpy(&a, p, sizeof a);
    return a;
}
static inline void _mm512_storeu_pd(double* p, __m512d a) { std::memcpy(p, &a, sizeof a); }
static inline __m512d _mm512_setzero_pd() { return __m512d{}; }
static inline __m512d _mm512_add_pd(__m512d a, __m512d b) { return a + b; }
static inline __m512d _mm512_sub_pd(__m512d a, __m512d b) { return a - b; }
static inline __m512d _mm512_max_pd(__m512d a, __m512d b) {
    for (int i = 0; i < 8; ++i) {
        a[i] = a[i] > b[i] ? a[i] : b[i];
    }
    return a;
}
static inline __m256 _mm512_extractf32x8_ps(__m512 a, int half) {
    __m256 result;
    for (int i = 0; i < 8; ++i) {
        result[i] = a[8 * half + i];
    }
    return result;
}
static inline __m256 _mm512_castps512_ps256(__m512 a) { return _mm512_extractf32x8_ps(a, 0); }
static inline __m512d _mm512_cvtps_pd(__m256 a) {
    __m512d result;
    for (int i = 0; i < 8; ++i) {
        result[i] = static_cast<double>(a[i]);
    }
    return result;
}

static inline __m512i _mm512_loadu_si512(const void* p) {
    __m512i a;
    std::memcpy(&a, p, sizeof a);
    return a;
}
static inline void _mm512_storeu_si512(void* p, __m512i a) { std::memcpy(p, &a, sizeof a); }
static inline __m512i _mm512_setzero_si512() { return __m512i{}; }
static inline __m512i _mm512_set1_epi64(long long a) { return __m512i{} + a; }
static inline __m512i _mm512_set1_epi16(short a) {
    return emulated::each<std::int16_t>(__m512i{}, __m512i{}, [=](int, int) { return a; });
}
static inline __m512i _mm512_add_epi16(__m512i a, __m512i b) {
    return emulated::each<std::uint16_t>(a, b, [](unsigned x, unsigned y) { return x + y; });
}
static inline __m512i _mm512_sub_epi16(__m512i a, __m512i b) {
    return emulated::each<std::uint16_t>(a, b, [](unsigned x, unsigned y) { return x - y; });
}
static inline __m512i _mm512_set1_epi32(int a) {
    return emulated::each<std::int32_t>(__m512i{}, __m512i{}, [=](int, int) { return a; });
}
static inline __m512i _mm512_add_epi32(__m512i a, __m512i b) {
    return emulated::each<std::uint32_t>(a, b, [](unsigned x, unsigned y) { return x + y; });
}
static inline __m512i _mm512_add_epi64(__m512i a, __m512i b) { return a + b; }
static inline __m512i _mm512_and_si512(__m512i a, __m512i b) { return a & b; }
static inline __m512i _mm512_ternarylogic_epi64(__m512i a, __m512i b, __m512i c, int table) {
    __m512i result{};
    for (int i = 0; i < 8; ++i) {
        if ((table >> i & 1) != 0) {
            result |= ((i & 4) != 0 ? a : ~a) & ((i & 2) != 0 ? b : ~b) & ((i & 1) != 0 ? c : ~c);
        }
    }
    return result;
}
static inline __m512i _mm512_mul_epu32(__m512i a, __m512i b) {
    return emulated::each<std::uint64_t>(a, b, [](std::uint64_t x, std::uint64_t y) {
        return (x & 0xFFFFFFFFU) * (y & 0xFFFFFFFFU);
    });
}
static inline __m512i _mm512_srli_epi64(__m512i a, unsigned count) {
    return emulated::each<std::uint64_t>(
        a, a, [=](std::uint64_t x, std::uint64_t) { return x >> count; });
}
static inline __m256i _mm256_loadu_si256(const __m256i* p) {
    __m256i a;
    std::memcpy(&a, p, sizeof a);
    return a;
}
static inline void _mm256_storeu_si256(__m256i* p, __m256i a) { std::memcpy(p, &a, sizeof a); }
static inline __m512i _mm512_zextsi256_si512(__m256i a) {
    __m512i result{};
    std::memcpy(&result, &a, sizeof a);
    return result;
}
static inline __m256i _mm512_castsi512_si256(__m512i a) {
    __m256i low;
    std::memcpy(&low, &a, sizeof low);
    return low;
}
static inline __m256i _mm512_extracti64x4_epi64(__m512i a, int half) {
    const emulated::Lanes<std::int64_t, __m512i> x(a);
    __m256i result;
    std::memcpy(&result, x.lane + 4 * half, sizeof result);
    return result;
}
static inline __m512i _mm512_cvtepi16_epi32(__m256i a) {
    return emulated::widen<std::int16_t, std::int32_t>(a);
}
static inline __m512i _mm512_cvtepu8_epi16(__m256i a) {
    return emulated::widen<std::uint8_t, std::uint16_t>(a);
}
static inline __m512 _mm512_cvtepi32_ps(__m512i a) {
    const emulated::Lanes<std::int32_t, __m512i> x(a);
    __m512 result;
    for (int i = 0; i < 16; ++i) {
        result[i] = static_cast<float>(x.lane[i]);
    }
    return result;
}
static inline __m512i _mm512_cvtps_epi32(__m512 a) {
    emulated::Lanes<std::int32_t, __m512i> result;
    for (int i = 0; i < 16; ++i) {
        result.lane[i] = static_cast<std::int32_t>(std::nearbyint(a[i]));
    }
    return result.vector();
}
static inline __m512i _mm512_cvttps_epi32(__m512 a) {
    emulated::Lanes<std::int32_t, __m512i> result;
    for (int i = 0; i < 16; ++i) {
        const bool fits = std::abs(a[i]) < 2147483648.0F;
        result.lane[i] =
            fits ? static_cast<std::int32_t>(a[i]) : std::numeric_limits<std::int32_t>::min();
    }
    return result.vector();
}
static inline __m512d _mm512_set1_pd(double a) { return __m512d{} + a; }
static inline __m512d _mm512_mul_pd(__m512d a, __m512d b) { return a * b; }
static inline __m512d _mm512_min_pd(__m512d a, __m512d b) { return a < b ? a : b; }
static inline __m256i _mm512_cvttpd_epi32(__m512d a) {
    emulated::Lanes<std::int32_t, __m256i> result;
    for (int i = 0; i < 8; ++i) {
        const bool fits = std::abs(a[i]) < 2147483648.0;
        result.lane[i] =
            fits ? static_cast<std::int32_t>(a[i]) : std::numeric_limits<std::int32_t>::min();
    }
    return result.vector();
}
static inline __m512d _mm512_cvtepi32_pd(__m256i a) {
    const emulated::Lanes<std::int32_t, __m256i> x(a);
    __m512d result;
    for (int i = 0; i < 8; ++i) {
        result[i] = x.lane[i];
    }
    return result;
}
static inline __m512i _mm512_set1_epi8(char a) {
    return emulated::each<std::int8_t>(__m512i{}, __m512i{}, [=](int, int) { return a; });
}
static inline __m512i _mm512_add_epi8(__m512i a, __m512i b) {
    return emulated::each<std::uint8_t>(a, b, [](int x, int y) { return x + y; });
}
static inline __m512i _mm512_mask_mov_epi8(__m512i if_clear, std::uint64_t mask, __m512i if_set) {
    return emulated::blend<std::int8_t>(mask, if_clear, if_set);
}
static inline __m512i _mm512_mask_add_epi8(__m512i if_clear, std::uint64_t mask, __m512i a,
                                           __m512i b) {
    return emulated::blend<std::int8_t>(mask, if_clear, _mm512_add_epi8(a, b));
}
static inline std::uint64_t _mm512_cmpgt_epi8_mask(__m512i a, __m512i b) {
    return emulated::mask_of<std::int8_t>(a, b, [](int x, int y) { return x > y; });
}
static inline __m128i _mm_loadu_si128(const __m128i* p) {
    __m128i a;
    std::memcpy(&a, p, sizeof a);
    return a;
}
static inline __m128i _mm512_cvtepi32_epi8(__m512i a) {
    const emulated::Lanes<std::int32_t, __m512i> x(a);
    emulated::Lanes<std::int8_t, __m128i> result;
    for (int i = 0; i < 16; ++i) {
        result.lane[i] = static_cast<std::int8_t>(x.lane[i]);
    }
    return result.vector();
}
static inline __m512i _mm512_cvtepi8_epi32(__m128i a) {
    const emulated::Lanes<std::int8_t, __m128i> x(a);
    emulated::Lanes<std::int32_t, __m512i> result;
    for (int i = 0; i < 16; ++i) {
        result.lane[i] = x.lane[i];
    }
    return result.vector();
}
static inline __m512i _mm512_inserti32x4(__m512i a, __m128i b, int quarter) {
    std::memcpy(reinterpret_cast<char*>(&a) + 16 * quarter, &b, sizeof b);
    return a;
}
static inline __mmask16 _mm512_cmpgt_epi32_mask(__m512i a, __m512i b) {
    return static_cast<__mmask16>(
        emulated::mask_of<std::int32_t>(a, b, [](int x, int y) { return x > y; }));
}
static inline __m512i _mm512_mask_mov_epi32(__m512i if_clear, __mmask16 mask, __m512i if_set) {
    return emulated::blend<std::int32_t>(mask, if_clear, if_set);
}
static inline __m512i _mm512_mask_sub_epi32(__m512i if_clear, __mmask16 mask, __m512i a,
                                            __m512i b) {
    const __m512i difference =
        emulated::each<std::uint32_t>(a, b, [](unsigned x, unsigned y) { return x - y; });
    return emulated::blend<std::int32_t>(mask, if_clear, difference);
}
static inline __m512i _mm512_popcnt_epi64(__m512i a) {
    return emulated::each<std::uint64_t>(
        a, a, [](std::uint64_t x, std::uint64_t) { return __builtin_popcountll(x); });
}
static inline long long _mm512_reduce_add_epi64(__m512i a) {
    long long sum = 0;
    for (int i = 0; i < 8; ++i) {
        sum += a[i];
    }
    return sum;
}
static inline unsigned char _mm512_test_epi64_mask(__m512i a, __m512i b) {
    return static_cast<unsigned char>(emulated::mask_of<std::uint64_t>(
        a, b, [](std::uint64_t x, std::uint64_t y) { return (x & y) != 0; }));
}
static inline unsigned char _mm512_cmplt_epu64_mask(__m512i a, __m512i b) {
    return static_cast<unsigned char>(emulated::mask_of<std::uint64_t>(
        a, b, [](std::uint64_t x, std::uint64_t y) { return x < y; }));
}
static inline std::uint64_t _mm512_test_epi8_mask(__m512i a, __m512i b) {
    return emulated::mask_of<std::uint8_t>(a, b, [](int x, int y) { return (x & y) != 0; });
}
static inline __m512i _mm512_maskz_compress_epi8(std::uint64_t mask, __m512i a) {
    return emulated::compress<std::uint8_t>(mask, a);
}
static inline __m512i _mm512_maskz_compress_epi16(__mmask32 mask, __m512i a) {
    return emulated::compress<std::uint16_t>(mask, a);
}

static inline long long _mm_popcnt_u64(std::uint64_t word) { return __builtin_popcountll(word); }
static inline int _tzcnt_u64(std::uint64_t word) { return __builtin_ctzll(word); }
static inline std::uint64_t _pdep_u64(std::uint64_t bits, std::uint64_t mask) {
    std::uint64_t result = 0;
    for (; mask != 0; mask &= mask - 1, bits >>= 1) {
        result |= (bits & 1U) << __builtin_ctzll(mask);
    }
    return result;
}
