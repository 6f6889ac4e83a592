// The op that counts synaptic operations.
#pragma once

#include <cstdint>

#include "engine/cpu/sample_slot.hpp"
#include "engine/cpu/schedule.hpp"

namespace pysnn::detail {

/// Synaptic operations of a sample's chunk through a share's projection: for every spike of the
/// source the synapses that it reaches.
std::int64_t count_operations(const Share& share, const SampleSlot& slot);

}  // namespace pysnn::detail
