// Included once per instruction set, inside its namespace, after these: kVectorBytes;
// PYSNN_REGISTER, the assembler's constraint for a vector register; multiply_low, the product of
// the low halves of 64-bit lanes.

typedef float Floats __attribute__((vector_size(kVectorBytes), may_alias));
typedef std::uint16_t Shorts __attribute__((vector_size(kVectorBytes), may_alias));

constexpr int kFloatLanes = kVectorBytes / 4;
constexpr int kShortLanes = kVectorBytes / 2;
constexpr int kWordLanes = kVectorBytes / 8;
// Enough additions in flight to hide the latency of one, and few enough for 16 registers.
constexpr int kSums = 12;
constexpr int kStreamSums = 8;
// A row of 256 bytes takes 16 of the narrowest registers, so that it is added in two passes there.
constexpr int kRowSums = kRowBytes / kVectorBytes < 8 ? kRowBytes / kVectorBytes : 8;
constexpr int kWordVectors = kVectorBytes == 64 ? 4 : 2;

// The compiler must believe that the register has changed, or it would add up at compile time.
// Given an element of an array, it would keep the array in memory.
#define PYSNN_TOUCH(vector) __asm__ volatile("" : "+" PYSNN_REGISTER(vector))
#define PYSNN_USE(vector) __asm__ volatile("" ::PYSNN_REGISTER(vector))

static double float_registers(std::int64_t turns) {
    Floats sums[kSums] = {};
    Floats one = Floats{} + 1.0F;
    PYSNN_TOUCH(one);
    for (std::int64_t turn = 0; turn < turns; ++turn) {
#pragma GCC unroll 12
        for (int i = 0; i < kSums; ++i) {
            auto sum = sums[i] + one;
            PYSNN_TOUCH(sum);
            sums[i] = sum;
        }
    }
    double total = 0.0;
    for (int i = 0; i < kSums; ++i) {
        for (int lane = 0; lane < kFloatLanes; ++lane) {
            total += static_cast<double>(sums[i][lane]);
        }
    }
    return total;
}

static std::int64_t int16_registers(std::int64_t turns) {
    Shorts sums[kSums] = {};
    Shorts one = Shorts{} + std::uint16_t{1};
    PYSNN_TOUCH(one);
    for (std::int64_t turn = 0; turn < turns; ++turn) {
#pragma GCC unroll 12
        for (int i = 0; i < kSums; ++i) {
            auto sum = sums[i] + one;
            PYSNN_TOUCH(sum);
            sums[i] = sum;
        }
    }
    std::int64_t total = 0;
    for (int i = 0; i < kSums; ++i) {
        for (int lane = 0; lane < kShortLanes; ++lane) {
            total += sums[i][lane];
        }
    }
    return total;
}

static double float_stream(const void* data, std::int64_t bytes, std::int64_t repeats) {
    const auto* vectors = static_cast<const Floats*>(data);
    const std::int64_t count = bytes / kVectorBytes;
    Floats sums[kStreamSums] = {};
    for (std::int64_t repeat = 0; repeat < repeats; ++repeat) {
        for (std::int64_t at = 0; at < count; at += kStreamSums) {
#pragma GCC unroll 8
            for (int i = 0; i < kStreamSums; ++i) {
                auto sum = sums[i] + vectors[at + i];
                PYSNN_TOUCH(sum);
                sums[i] = sum;
            }
        }
    }
    double total = 0.0;
    for (int i = 0; i < kStreamSums; ++i) {
        for (int lane = 0; lane < kFloatLanes; ++lane) {
            total += static_cast<double>(sums[i][lane]);
        }
    }
    return total;
}

static std::int64_t int16_stream(const void* data, std::int64_t bytes, std::int64_t repeats) {
    const auto* vectors = static_cast<const Shorts*>(data);
    const std::int64_t count = bytes / kVectorBytes;
    Shorts sums[kStreamSums] = {};
    for (std::int64_t repeat = 0; repeat < repeats; ++repeat) {
        for (std::int64_t at = 0; at < count; at += kStreamSums) {
#pragma GCC unroll 8
            for (int i = 0; i < kStreamSums; ++i) {
                auto sum = sums[i] + vectors[at + i];
                PYSNN_TOUCH(sum);
                sums[i] = sum;
            }
        }
    }
    std::int64_t total = 0;
    for (int i = 0; i < kStreamSums; ++i) {
        for (int lane = 0; lane < kShortLanes; ++lane) {
            total += sums[i][lane];
        }
    }
    return total;
}

static void load_stream(const void* data, std::int64_t bytes, std::int64_t repeats) {
    const auto* vectors = static_cast<const Floats*>(data);
    const std::int64_t count = bytes / kVectorBytes;
    for (std::int64_t repeat = 0; repeat < repeats; ++repeat) {
        for (std::int64_t at = 0; at < count; at += kStreamSums) {
#pragma GCC unroll 8
            for (int i = 0; i < kStreamSums; ++i) {
                const Floats loaded = vectors[at + i];
                PYSNN_USE(loaded);
            }
        }
    }
}

static double float_rows(const void* slab, const std::int32_t* rows, std::int64_t num_rows,
                         std::int64_t repeats) {
    double total = 0.0;
    for (int pass = 0; pass < kRowBytes / (kRowSums * kVectorBytes); ++pass) {
        const char* first = static_cast<const char*>(slab) + pass * kRowSums * kVectorBytes;
        Floats sums[kRowSums] = {};
        for (std::int64_t repeat = 0; repeat < repeats; ++repeat) {
            for (std::int64_t k = 0; k < num_rows; ++k) {
                const auto* row = reinterpret_cast<const Floats*>(first + rows[k] * kRowBytes);
#pragma GCC unroll 8
                for (int i = 0; i < kRowSums; ++i) {
                    sums[i] += row[i];
                }
            }
        }
        for (int i = 0; i < kRowSums; ++i) {
            for (int lane = 0; lane < kFloatLanes; ++lane) {
                total += static_cast<double>(sums[i][lane]);
            }
        }
    }
    return total;
}

static std::int64_t int16_rows(const void* slab, const std::int32_t* rows, std::int64_t num_rows,
                               std::int64_t repeats) {
    std::int64_t total = 0;
    for (int pass = 0; pass < kRowBytes / (kRowSums * kVectorBytes); ++pass) {
        const char* first = static_cast<const char*>(slab) + pass * kRowSums * kVectorBytes;
        Shorts sums[kRowSums] = {};
        for (std::int64_t repeat = 0; repeat < repeats; ++repeat) {
            for (std::int64_t k = 0; k < num_rows; ++k) {
                const auto* row = reinterpret_cast<const Shorts*>(first + rows[k] * kRowBytes);
#pragma GCC unroll 8
                for (int i = 0; i < kRowSums; ++i) {
                    auto sum = sums[i] + row[i];
                    PYSNN_TOUCH(sum);
                    sums[i] = sum;
                }
            }
        }
        for (int i = 0; i < kRowSums; ++i) {
            for (int lane = 0; lane < kShortLanes; ++lane) {
                total += sums[i][lane];
            }
        }
    }
    return total;
}

static std::uint32_t philox(std::uint64_t seed, std::int64_t turns) {
    Words total = {};
    Words lanes[kWordVectors] = {};
    for (int i = 0; i < kWordVectors * kWordLanes; ++i) {
        lanes[i / kWordLanes][i % kWordLanes] = static_cast<std::uint64_t>(i);
    }
    const Words factor0 = Words{} + 0xD2511F53U;
    const Words factor1 = Words{} + 0xCD9E8D57U;
    for (std::int64_t turn = 0; turn < turns; ++turn) {
        // Words stand in the low halves of lanes, the only ones that a product reads.
        Words c[4][kWordVectors] = {};
        for (int i = 0; i < kWordVectors; ++i) {
            c[0][i] = lanes[i];
            c[1][i] += static_cast<std::uint32_t>(turn);
            c[2][i] += static_cast<std::uint32_t>(seed);
            c[3][i] += seed >> 32;
        }
        auto key0 = static_cast<std::uint32_t>(seed);
        auto key1 = static_cast<std::uint32_t>(seed >> 32);
        // Unrolled, the rounds' keys would take the registers that counters need.
#pragma GCC unroll 1
        for (int round = 0; round < 10; ++round) {
#pragma GCC unroll 4
            for (int i = 0; i < kWordVectors; ++i) {
                const Words product0 = multiply_low(c[0][i], factor0);
                const Words product1 = multiply_low(c[2][i], factor1);
                c[0][i] = (product1 >> 32) ^ c[1][i] ^ (Words{} + key0);
                c[2][i] = (product0 >> 32) ^ c[3][i] ^ (Words{} + key1);
                c[1][i] = product1;
                c[3][i] = product0;
            }
            key0 += 0x9E3779B9U;
            key1 += 0xBB67AE85U;
        }
        for (int i = 0; i < kWordVectors; ++i) {
            total ^= c[0][i] ^ c[1][i] ^ c[2][i] ^ c[3][i];
        }
    }
    std::uint64_t result = 0;
    for (int lane = 0; lane < kWordLanes; ++lane) {
        result ^= total[lane];
    }
    return static_cast<std::uint32_t>(result);
}

#undef PYSNN_TOUCH
#undef PYSNN_USE

constexpr CeilingKernels kKernels = {
    kSums * kFloatLanes, 4 * kWordVectors * kWordLanes,
    float_registers,     int16_registers,
    float_stream,        int16_stream,
    load_stream,         float_rows,
    int16_rows,          philox,
};
