#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/aligned_buffer.hpp"
#include "engine/cpu/kernels/kernels.hpp"

namespace pysnn::detail {

/// Events of a chunk, step by step and row by row, packed without gaps; memory is kept from one use
/// to the next.
class EventLists {
  public:
    /// Where a kernel may write lists of at most `max_events` events.
    void prepare(ListArguments& arguments, std::int64_t max_events) {
        constexpr std::int64_t kSlack = 64;
        const std::int64_t most =
            arguments.num_steps * arguments.num_rows * arguments.words_per_row * kMaskBits;
        // At once for all that may come, unless that is a lot: a stream's later calls then allocate
        // nothing. What is not written takes no memory of the machine.
        const std::int64_t needed = std::min(most, std::max(max_events, kRoomy));
        if (static_cast<std::int64_t>(events_.size()) < needed + kSlack) {
            const std::int64_t roomy = std::max(2 * max_events, kRoomy);
            events_.reserve(static_cast<std::size_t>(std::min(most, roomy) + kSlack));
        }
        num_rows_ = arguments.num_rows;
        offsets_.reserve(static_cast<std::size_t>(arguments.num_steps * (num_rows_ + 1)));
        occupied_.assign(static_cast<std::size_t>(num_rows_ * kStepWords), 0);
        arguments.events = events_.data();
        arguments.offsets = offsets_.data();
        arguments.occupied = occupied_.data();
    }

    /// Has `arguments` read rows [first, first + count) in each step.
    void select(std::int64_t first, std::int64_t count, GatherArguments& arguments) const {
        arguments.events = events_.data();
        arguments.offsets = offsets_.data() + first;
        arguments.offset_stride = num_rows_ + 1;
        arguments.offset_span = count;
    }

    /// Adds the steps in which rows [first, first + count) have events.
    void add_occupied(std::int64_t first, std::int64_t count,
                      std::uint64_t (&steps)[kStepWords]) const {
        for (std::int64_t row = first; row < first + count; ++row) {
            for (std::int64_t word = 0; word < kStepWords; ++word) {
                steps[word] |= occupied_[static_cast<std::size_t>(row * kStepWords + word)];
            }
        }
    }

  private:
    static constexpr std::int64_t kRoomy = std::int64_t{1} << 15;

    AlignedBuffer<std::uint16_t> events_;
    AlignedBuffer<std::uint32_t> offsets_;
    std::vector<std::uint64_t> occupied_;
    std::int64_t num_rows_ = 0;
};

}  // namespace pysnn::detail
