// Memory of event lists, and stretches of them.

#include "engine/cpu/input/event_lists.hpp"

#include <algorithm>

#include "engine/cpu/tuning.hpp"

namespace pysnn::detail {

void EventLists::prepare(ListArguments& arguments, std::int64_t max_events) {
    constexpr std::int64_t kSlack = 64;
    const std::int64_t most =
        arguments.num_steps * arguments.num_rows * arguments.words_per_row * kMaskBits;
    // At once for all that may come, unless that is a lot.
    const std::int64_t needed = std::min(most, std::max(max_events, tuning::kRoomyEvents));
    if (events_.size() < needed + kSlack) {
        const std::int64_t roomy = std::max(2 * max_events, tuning::kRoomyEvents);
        events_.reserve(std::min(most, roomy) + kSlack);
    }
    num_rows_ = arguments.num_rows;
    offsets_.reserve(arguments.num_steps * (num_rows_ + 1));
    occupied_.assign(num_rows_ * kStepWords, 0);
    arguments.events = events_.data();
    arguments.offsets = offsets_.data();
    arguments.occupied = occupied_.data();
}

void EventLists::select(std::int64_t first, std::int64_t count, GatherArguments& arguments) const {
    arguments.events = events_.data();
    arguments.offsets = offsets_.data() + first;
    arguments.offset_stride = num_rows_ + 1;
    arguments.offset_span = count;
}

void EventLists::add_occupied(std::int64_t first, std::int64_t count,
                              std::uint64_t (&steps)[kStepWords]) const {
    for (std::int64_t row = first; row < first + count; ++row) {
        for (std::int64_t word = 0; word < kStepWords; ++word) {
            steps[word] |= occupied_[row * kStepWords + word];
        }
    }
}

}  // namespace pysnn::detail
