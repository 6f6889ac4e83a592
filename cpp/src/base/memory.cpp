// Memory estimates against what the machine has.

#include "base/memory.hpp"

#include <cstdio>
#include <pysnn/system.hpp>

namespace pysnn {

namespace detail {
namespace {

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

void MemoryEstimate::check(const char* what) const {
    constexpr double kNothingToAsk = 1 << 24;  // asking the system takes longer than such a call
    if (bytes_ < kNothingToAsk) {
        return;
    }
    const double available = static_cast<double>(total_memory());
    // No allocation beyond 2^62 bytes can be asked for, whatever is known of the machine.
    if (bytes_ > (available > 0.0 ? available : 4.6e18)) {
        throw OutOfMemory(std::string(what) + " needs " + gibibytes(bytes_) +
                          ", but this machine has " + gibibytes(available) +
                          " of memory; record less, or simulate fewer samples or steps at a time");
    }
}

}  // namespace detail
}  // namespace pysnn
