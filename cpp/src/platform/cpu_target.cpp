// The choice of an instruction set, by what the CPU has or PYSNN_CPU says.

#include "platform/cpu_target.hpp"

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "platform/targets.hpp"

#if defined(_MSC_VER) && defined(PYSNN_X86)
#include <immintrin.h>
#include <intrin.h>
#endif

namespace pysnn::detail {
namespace {

#if defined(PYSNN_X86) && defined(__GNUC__)

bool cpu_has_avx2() {
    return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 &&
           __builtin_cpu_supports("bmi2") != 0;
}
bool cpu_has_avx512() {
    return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
           __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
}
bool cpu_has_vbmi2() {
    return __builtin_cpu_supports("avx512vbmi") != 0 &&
           __builtin_cpu_supports("avx512vbmi2") != 0 &&
           __builtin_cpu_supports("avx512vpopcntdq") != 0;
}

#elif defined(PYSNN_X86) && defined(_MSC_VER)

// Bits of CPUID leaf 7, behind the operating system's promise (XCR0) to keep the wide registers.
bool has_features(unsigned leaf7_ebx, unsigned leaf7_ecx, unsigned long long xcr0) {
    int registers[4];
    __cpuid(registers, 0);
    if (registers[0] < 7) {
        return false;
    }
    __cpuid(registers, 1);
    if ((registers[2] & (1 << 27)) == 0 || (_xgetbv(0) & xcr0) != xcr0) {
        return false;
    }
    __cpuidex(registers, 7, 0);
    return (static_cast<unsigned>(registers[1]) & leaf7_ebx) == leaf7_ebx &&
           (static_cast<unsigned>(registers[2]) & leaf7_ecx) == leaf7_ecx;
}

bool cpu_has_fma() {
    int registers[4];
    __cpuid(registers, 1);
    return (registers[2] & (1 << 12)) != 0;
}
bool cpu_has_avx2() { return has_features((1U << 5) | (1U << 8), 0, 0x6) && cpu_has_fma(); }
bool cpu_has_avx512() {
    return has_features((1U << 16) | (1U << 17) | (1U << 30) | (1U << 31), 0, 0xE6);
}
bool cpu_has_vbmi2() { return has_features(0, (1U << 1) | (1U << 6) | (1U << 14), 0xE6); }

#else

bool cpu_has_avx2() { return false; }
bool cpu_has_avx512() { return false; }
bool cpu_has_vbmi2() { return false; }

#endif

#ifdef PYSNN_EMULATE_AVX512
constexpr bool kEmulated = true;
#else
constexpr bool kEmulated = false;
#endif

bool has_avx512() { return kEmulated || cpu_has_avx512(); }

bool has_neon() {
#ifdef PYSNN_NEON
    return true;
#else
    return false;
#endif
}

struct Candidate {
    const char* name;
    CpuTarget target;
    bool (*is_here)();
};

// The first that the CPU has is chosen, unless one is forced.
constexpr Candidate kCandidates[] = {
    {"avx512", CpuTarget::Avx512, has_avx512},
    {"avx2", CpuTarget::Avx2, cpu_has_avx2},
    {"neon", CpuTarget::Neon, has_neon},
    {"baseline", CpuTarget::Baseline, [] { return true; }},
};

CpuTarget select() {
    const char* forced = std::getenv("PYSNN_CPU");
    const std::string name = forced == nullptr ? "" : forced;
    for (const Candidate& candidate : kCandidates) {
        if (name.empty() || name == candidate.name) {
            if (candidate.is_here()) {
                return candidate.target;
            }
            if (!name.empty()) {
                throw std::invalid_argument("PYSNN_CPU is '" + name +
                                            "', which this CPU does not have");
            }
        }
    }
    throw std::invalid_argument("PYSNN_CPU is '" + name +
                                "', expected baseline, avx2, avx512 or neon");
}

}  // namespace

bool has_vbmi2() { return kEmulated || cpu_has_vbmi2(); }

CpuTarget selected_cpu_target() {
    // Not a local static: its guard, held by a thread that a fork() leaves behind, would stop the
    // child. The first choice holds.
    constexpr int kUnknown = -1;
    static std::atomic<int> chosen{kUnknown};
    int target = chosen.load(std::memory_order_acquire);
    if (target == kUnknown) {
        const auto mine = static_cast<int>(select());
        target = chosen.compare_exchange_strong(target, mine) ? mine : target;
    }
    return static_cast<CpuTarget>(target);
}

}  // namespace pysnn::detail
