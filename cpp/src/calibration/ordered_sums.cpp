// Sums that are added block by block, in the order of the blocks, whoever finishes first.

#include "calibration/ordered_sums.hpp"

#include <algorithm>
#include <functional>

#include "base/array.hpp"

namespace pysnn::detail {

OrderedSums::OrderedSums(std::int64_t size) : total_(to_size(size), 0.0) {}

void OrderedSums::add(std::int64_t block, const std::vector<double>& sums) {
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting_.emplace(block, sums);
    for (auto first = waiting_.begin(); first != waiting_.end() && first->first == next_;
         first = waiting_.erase(first)) {
        std::transform(total_.begin(), total_.end(), first->second.begin(), total_.begin(),
                       std::plus<double>());
        ++next_;
    }
}

}  // namespace pysnn::detail
