// A population as the ops read it: its neurons and the packed weights that reach them.
#pragma once

#include <cstdint>
#include <pysnn/spiking_network.hpp>
#include <variant>

#include "base/array.hpp"
#include "engine/cpu/packing/convolution.hpp"
#include "engine/cpu/packing/fan_out.hpp"
#include "engine/cpu/packing/linear.hpp"
#include "engine/cpu/packing/neurons.hpp"
#include "engine/cpu/packing/pool.hpp"

namespace pysnn::detail {

/// The source of a projection that is no population.
inline constexpr std::int64_t kInputSource = -1;

struct PackedProjection {
    std::int64_t source = kInputSource;  // or the number of an earlier population
    const Layout* source_layout = nullptr;
    FanOut fan_out;
    std::variant<LinearWeights, ConvWeights, PoolWeights, MaxPoolWindows> weights;

    bool reads_input() const { return source == kInputSource; }
    /// Of weights that events gather.
    std::int64_t num_weight_bytes() const;
};

struct PackedPopulation : PackedNeurons {
    using PackedNeurons::PackedNeurons;

    Array<PackedProjection> projections;  // those from the input first, of them Linear first
    std::int64_t num_input_projections = 0;

    /// Sizes of what the neurons count from step to step, 0 for neurons that do not: what they have
    /// sent, by lane, and what their sources have sent, by the sources' lanes.
    std::int64_t num_sent() const { return counts_sent() ? layout.padded() : 0; }
    std::int64_t num_source_counts() const {
        return is_max_pool ? projections[0].source_layout->padded() : 0;
    }
};

/// Args:
///     source_layout: must outlive the result.
PackedProjection pack_projection(const Projection& projection, std::int64_t source,
                                 const Layout& source_layout, const PackedNeurons& target);

}  // namespace pysnn::detail
