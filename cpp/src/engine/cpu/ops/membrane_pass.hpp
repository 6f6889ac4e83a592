#pragma once

#include <cstddef>

#include "engine/cpu/job.hpp"
#include "engine/cpu/sample_slot.hpp"

namespace pysnn::detail {

/// Takes finished currents into the membranes of one sample's population, over a chunk.
///
/// Other kernels do that in registers, right after their sums. This one takes the sums out of
/// memory, for populations whose charge is counted (Job::record_balance), and for those that
/// nothing but a constant current reaches. Same operations, same bits.
void run_membranes(const Job& job, std::size_t population, SampleSlot& slot);

}  // namespace pysnn::detail
