// Sums that are added block by block, in the order of the blocks, whoever finishes first.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace pysnn::detail {

/// Takes the sums of blocks from any worker, and adds them in order from +0.
class OrderedSums {
  public:
    explicit OrderedSums(std::int64_t size);

    /// Takes a block's sums; each block comes once.
    void add(std::int64_t block, const std::vector<double>& sums);

    /// The sums of all blocks; all have come.
    const std::vector<double>& total() const { return total_; }

  private:
    std::mutex mutex_;
    std::vector<double> total_;
    std::int64_t next_ = 0;                                // block that is added next
    std::map<std::int64_t, std::vector<double>> waiting_;  // those that are ahead of it
};

}  // namespace pysnn::detail
