// Samples one behind the other, and side by side in bundles: transpositions in strips.

#include "forward/transpose.hpp"

#include <algorithm>

namespace pysnn::detail {
namespace {

// Features at a time, whose lines of either side stay in the nearest cache meanwhile.
constexpr std::int64_t kStrip = 16;

}  // namespace

void gather_samples(const float* samples, std::int64_t num_samples, std::int64_t features,
                    std::int64_t lanes, float* bundle) {
    for (std::int64_t begin = 0; begin < features; begin += kStrip) {
        const std::int64_t end = std::min(features, begin + kStrip);
        for (std::int64_t lane = 0; lane < lanes; ++lane) {
            const float* sample = samples + std::min(lane, num_samples - 1) * features;
            for (std::int64_t i = begin; i < end; ++i) {
                bundle[i * lanes + lane] = sample[i];
            }
        }
    }
}

void scatter_samples(const float* bundle, std::int64_t num_samples, std::int64_t features,
                     std::int64_t lanes, float* samples) {
    for (std::int64_t begin = 0; begin < features; begin += kStrip) {
        const std::int64_t end = std::min(features, begin + kStrip);
        for (std::int64_t lane = 0; lane < num_samples; ++lane) {
            float* sample = samples + lane * features;
            for (std::int64_t i = begin; i < end; ++i) {
                sample[i] = bundle[i * lanes + lane];
            }
        }
    }
}

}  // namespace pysnn::detail
