// Bits of a word.
#pragma once

#include <cstdint>

namespace pysnn::detail {

/// Index of the lowest set bit; `word` is not 0.
inline int lowest_bit(std::uint64_t word) {
#if defined(__GNUC__)
    return __builtin_ctzll(word);
#else
    int index = 0;
    while ((word & 1U) == 0) {
        word >>= 1;
        ++index;
    }
    return index;
#endif
}

}  // namespace pysnn::detail
