#include <algorithm>
#include <cmath>

#include "engine/cpu/plan.hpp"
#include "nodes/avg_pool2d.hpp"

namespace pysnn::detail {
namespace {

// The odd part of a float's significand.
std::int64_t odd_part(float value) {
    int exponent = 0;
    auto significand = static_cast<std::int64_t>(std::ldexp(std::frexp(value, &exponent), 24));
    while (significand != 0 && significand % 2 == 0) {
        significand /= 2;
    }
    return significand;
}

// See PoolArguments::limit. A membrane that begins at 0 is a whole number of spikes' weights, and
// float32 adds them without rounding where so many times the weight is a float.
AlignedBuffer<std::int8_t> spike_limits(const PoolPlan& pool, const PopulationPlan& target) {
    constexpr std::int64_t kMostSpikes = 127;
    constexpr std::int64_t kExact = 1 << 24;
    if (kernels().neuron_traits(target.rule).subtracts || !target.bias.empty()) {
        return {};
    }
    AlignedBuffer<std::int8_t> limits(static_cast<std::size_t>(target.layout.padded()), 0);
    for (std::int64_t lane = 0; lane < target.layout.padded(); ++lane) {
        const auto at = static_cast<std::size_t>(lane);
        const float weight = pool.weight[static_cast<std::size_t>(lane % target.layout.lanes)];
        if (weight == 0.0F) {
            continue;  // no neuron
        }
        const double first =
            std::ceil(static_cast<double>(target.threshold[at]) / static_cast<double>(weight));
        const double most = first - 1 + static_cast<double>(pool.window.num_positions());
        if (most > kMostSpikes || static_cast<std::int64_t>(most) * odd_part(weight) > kExact) {
            return {};
        }
        limits[at] = static_cast<std::int8_t>(first - 1);
    }
    return limits;
}

}  // namespace

PoolPlan pack_pool(const PoolSynapses& layer, const PopulationPlan& target) {
    PoolPlan plan;
    plan.window = window_of(layer);
    plan.weight = AlignedBuffer<float>(static_cast<std::size_t>(target.layout.lanes), 0.0F);
    std::copy(layer.weight.begin(), layer.weight.end(), plan.weight.data());
    plan.limit = spike_limits(plan, target);
    return plan;
}

}  // namespace pysnn::detail
