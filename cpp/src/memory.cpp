#include "memory.hpp"

#include <cstdio>
#include <fstream>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

namespace pysnn::detail {
namespace {

// Bytes that this process may hope for; 0 = not known.
double memory_of_machine() {
    double total = 0.0;
#if defined(_SC_PHYS_PAGES) && defined(_SC_PAGESIZE)
    total =
        static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
#endif
    std::ifstream file("/sys/fs/cgroup/memory.max");
    double limit = 0.0;
    if (file >> limit && limit > 0.0 && (total <= 0.0 || limit < total)) {
        total = limit;
    }
    return total;
}

std::string gibibytes(double bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g GiB", bytes / (1024.0 * 1024.0 * 1024.0));
    return text;
}

}  // namespace

void MemoryEstimate::add(std::initializer_list<std::int64_t> sizes, std::int64_t element_size) {
    double product = static_cast<double>(element_size);
    for (const std::int64_t size : sizes) {
        product *= static_cast<double>(size);
    }
    bytes_ += product;
}

void MemoryEstimate::check(const std::string& what) const {
    const double available = memory_of_machine();
    // No allocation beyond 2^62 bytes can be asked for, whatever is known of the machine.
    if (bytes_ > (available > 0.0 ? available : 4.6e18)) {
        throw OutOfMemory(what + " needs " + gibibytes(bytes_) + ", but this machine has " +
                          gibibytes(available) +
                          " of memory; record less, or simulate fewer samples or steps at a time");
    }
}

}  // namespace pysnn::detail
