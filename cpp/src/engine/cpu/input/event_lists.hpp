// The events that kernels gather weight rows for.
#pragma once

#include <cstdint>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "engine/cpu/kernels/kernels.hpp"

namespace pysnn::detail {

/// Events of a chunk, step by step and row by row, packed without gaps; memory is kept from one use
/// to the next.
class EventLists {
  public:
    /// Where a kernel may write lists of at most `max_events` events.
    void prepare(ListArguments& arguments, std::int64_t max_events);

    /// Has `arguments` read rows [first, first + count) in each step.
    void select(std::int64_t first, std::int64_t count, GatherArguments& arguments) const;

    /// Adds the steps in which rows [first, first + count) have events.
    void add_occupied(std::int64_t first, std::int64_t count,
                      std::uint64_t (&steps)[kStepWords]) const;

  private:
    AlignedBuffer<std::uint16_t> events_;
    AlignedBuffer<std::uint32_t> offsets_;
    Array<std::uint64_t> occupied_;
    std::int64_t num_rows_ = 0;
};

}  // namespace pysnn::detail
