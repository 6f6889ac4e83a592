// What the library says of itself and of the machine.

#include <algorithm>
#include <atomic>
#include <fstream>
#include <pysnn/system.hpp>
#include <pysnn/version.hpp>
#include <string>

#include "platform/cpu_target.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif
#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

namespace pysnn {
namespace {

#ifdef _OPENMP

// Processors that the control group's quota pays for, rounded up; 0 = no quota known.
int read_quota() {
    std::ifstream file("/sys/fs/cgroup/cpu.max");
    std::string quota;
    double period = 0.0;
    if (!(file >> quota >> period) || quota == "max" || period <= 0.0) {
        return 0;
    }
    try {
        return std::max(1, static_cast<int>(std::stod(quota) / period + 0.999));
    } catch (const std::exception&) {
        return 0;
    }
}

// Read once. Not a local static: its guard, held by a thread that a fork() leaves behind, would
// stop the child.
int quota_of_container() {
    constexpr int kUnknown = -1;
    static std::atomic<int> known{kUnknown};
    int quota = known.load(std::memory_order_relaxed);
    if (quota == kUnknown) {
        quota = read_quota();
        known.store(quota, std::memory_order_relaxed);
    }
    return quota;
}

#endif

}  // namespace

int default_num_threads() {
#ifdef _OPENMP
    const int quota = quota_of_container();
    const int threads = omp_get_max_threads();
    return quota > 0 ? std::min(threads, quota) : threads;
#else
    return 1;
#endif
}

bool has_openmp() noexcept {
#ifdef _OPENMP
    return true;
#else
    return false;
#endif
}

std::int64_t total_memory() {
    std::int64_t total = 0;
#if defined(_SC_PHYS_PAGES) && defined(_SC_PAGESIZE)
    total = std::int64_t{sysconf(_SC_PHYS_PAGES)} * std::int64_t{sysconf(_SC_PAGESIZE)};
#endif
    std::ifstream file("/sys/fs/cgroup/memory.max");
    std::int64_t limit = 0;
    if (file >> limit && limit > 0 && (total <= 0 || limit < total)) {
        total = limit;
    }
    return total > 0 ? total : 0;
}

std::string cpu_target() {
    switch (detail::selected_cpu_target()) {
        case detail::CpuTarget::Avx512:
            return "avx512";
        case detail::CpuTarget::Avx2:
            return "avx2";
        case detail::CpuTarget::Neon:
            return "neon";
        case detail::CpuTarget::Baseline:
            break;
    }
    return "baseline";
}

const char* version() noexcept { return PYSNN_VERSION; }

}  // namespace pysnn
