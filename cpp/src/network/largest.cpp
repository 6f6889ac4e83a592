// The largest of many values, on the integers that their bits are.

#include "network/largest.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "platform/parallel.hpp"

namespace pysnn::detail {
namespace {

constexpr std::int32_t kMagnitudeMask = 0x7FFFFFFF;
constexpr std::int32_t kInfinityBits = 0x7F800000;

// Maps the bits of floats to integers of the same order, and back: below 0 the order of magnitudes
// is turned round.
std::int32_t ordered_key(std::int32_t bits) { return bits ^ ((bits >> 31) & kMagnitudeMask); }

struct Scan {
    std::int32_t largest_key = std::numeric_limits<std::int32_t>::min();
    bool finite = true;
};

// On integers, because compilers may not reorder, and so not vectorize, a maximum of floats.
Scan scan(const float* values, std::int64_t count) {
    std::int32_t largest = std::numeric_limits<std::int32_t>::min();
    std::int32_t not_finite = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        std::int32_t bits;
        std::memcpy(&bits, values + i, sizeof bits);
        largest = std::max(largest, ordered_key(bits));
        not_finite |= static_cast<std::int32_t>((bits & kInfinityBits) == kInfinityBits);
    }
    return {largest, not_finite == 0};
}

}  // namespace

float find_largest(const float* values, std::int64_t num_values, int num_threads) {
    if (num_values < 1) {
        throw std::invalid_argument("values is empty, expected at least one value");
    }
    constexpr std::int64_t kItem = 1 << 16;
    const std::int64_t num_items = (num_values + kItem - 1) / kItem;
    std::vector<Scan> scans(num_items);
    parallel_for(
        num_items, resolve_num_threads(num_threads), [] {},
        [&](std::int64_t item, Worker) {
            const std::int64_t count = std::min(kItem, num_values - item * kItem);
            scans.data()[item] = scan(values + item * kItem, count);
        });
    Scan whole;
    for (const Scan& part : scans) {
        whole.largest_key = std::max(whole.largest_key, part.largest_key);
        whole.finite = whole.finite && part.finite;
    }
    if (!whole.finite) {
        const float* bad = std::find_if(values, values + num_values,
                                        [](float value) { return !std::isfinite(value); });
        throw std::invalid_argument("values is " + std::to_string(*bad) + " at index " +
                                    std::to_string(bad - values) + ", expected finite values");
    }
    const std::int32_t bits = ordered_key(whole.largest_key);
    float largest;
    std::memcpy(&largest, &bits, sizeof largest);
    return largest;
}

}  // namespace pysnn::detail
