// How large the near caches are, for benchmarks that fill them.
#pragma once

#include <cstdint>

namespace pysnn::benchmarks {

struct CacheSizes {
    std::int64_t l1_bytes = 32 << 10;  // data, of a core
    std::int64_t l2_bytes = 256 << 10;
    std::int64_t l3_bytes = 8 << 20;
};

/// Sizes as the operating system tells them; those above where it does not.
CacheSizes cache_sizes();

}  // namespace pysnn::benchmarks
