// The op of membranes that take finished sums out of memory.
#pragma once

#include <pysnn/record.hpp>

#include "engine/cpu/sample_slot.hpp"
#include "engine/cpu/schedule.hpp"

namespace pysnn::detail {

/// Takes finished currents into the membranes of one sample's population, over a chunk.
///
/// Other kernels do that in registers, right after their sums. This one takes the sums out of
/// memory, for populations whose charge is counted, and for those that nothing but a constant
/// current reaches. Same operations, same bits.
///
/// Args:
///     first_step: of the chunk, counted from the simulation's step 0.
///     balance: goes on with the sample's charge where op.counts_charge.
void run_membranes(const MembraneOp& op, SampleSlot& slot, std::int64_t first_step,
                   Balance& balance);

}  // namespace pysnn::detail
