// Packed weights of an average pool.
#pragma once

#include <cstdint>
#include <pysnn/spiking_network.hpp>

#include "base/aligned_buffer.hpp"
#include "engine/cpu/packing/neurons.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {

struct PoolWeights {
    Window window;
    AlignedBuffer<float> weight;       // (lanes), one per channel
    AlignedBuffer<std::int8_t> limit;  // by lane, see PoolArguments::limit; empty where it is null
};

PoolWeights pack_pool(const PoolSynapses& layer, const PackedNeurons& target);

}  // namespace pysnn::detail
