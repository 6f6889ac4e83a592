// Ids of the bits of words.

#include "engine/cpu/packing/weights.hpp"

#include <algorithm>

namespace pysnn::detail {

Array<WordIds> words_of_ids(std::int64_t num_ids) {
    Array<WordIds> words;
    for (std::int64_t first = 0; first < num_ids; first += kMaskBits) {
        words.push_back({static_cast<std::uint16_t>(first),
                         static_cast<std::uint16_t>(std::min(num_ids - first, kMaskBits))});
    }
    return words;
}

}  // namespace pysnn::detail
