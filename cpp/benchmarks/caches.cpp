// The sizes of the caches, as the system tells them.
#include "caches.hpp"

#if defined(__APPLE__)
#include <sys/sysctl.h>

#include <cstddef>
#elif defined(__linux__)
#include <fstream>
#include <string>
#endif

namespace pysnn::benchmarks {

#if defined(__APPLE__)

CacheSizes cache_sizes() {
    CacheSizes sizes;
    const auto take = [](const char* name, std::int64_t& size) {
        std::int64_t value = 0;
        std::size_t length = sizeof value;
        if (sysctlbyname(name, &value, &length, nullptr, 0) == 0 && value > 0) {
            size = value;
        }
    };
    take("hw.l1dcachesize", sizes.l1_bytes);
    take("hw.l2cachesize", sizes.l2_bytes);
    take("hw.l3cachesize", sizes.l3_bytes);
    return sizes;
}

#elif defined(__linux__)

// Not sysconf(): in virtual machines it may tell the sum of all of the host's caches of a level.
CacheSizes cache_sizes() {
    CacheSizes sizes;
    for (int index = 0; index < 8; ++index) {
        const std::string folder =
            "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index) + "/";
        std::ifstream size_file(folder + "size");
        std::ifstream level_file(folder + "level");
        std::ifstream type_file(folder + "type");
        std::int64_t kibibytes = 0;
        int level = 0;
        std::string type;
        if (!(size_file >> kibibytes && level_file >> level && type_file >> type) ||
            type == "Instruction" || kibibytes <= 0) {
            continue;
        }
        if (level >= 1 && level <= 3) {
            std::int64_t* const found[] = {&sizes.l1_bytes, &sizes.l2_bytes, &sizes.l3_bytes};
            *found[level - 1] = kibibytes << 10;
        }
    }
    return sizes;
}

#else

CacheSizes cache_sizes() { return {}; }

#endif

}  // namespace pysnn::benchmarks
