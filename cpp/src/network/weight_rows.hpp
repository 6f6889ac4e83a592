// The weights of a node by rows, each of which sums up to one output channel.
#pragma once

#include <cstdint>
#include <pysnn/node.hpp>
#include <vector>

namespace pysnn::detail {

/// Weights and biases of a node, and which channels of its source they meet.
struct WeightRows {
    const std::vector<float>* weight = nullptr;  // (count, size); null for a node without weights
    const std::vector<float>* bias = nullptr;    // (count) or empty
    std::int64_t count = 0;
    std::int64_t size = 0;
    std::int64_t count_of_group = 0;  // rows that read the same channels
    // Weights that one row has for each channel of the source; 0 where all are one row of features,
    // of whatever channels.
    std::int64_t size_of_channel = 0;
};

WeightRows rows_of(const Node& node);

/// The scale of the source's value that each weight meets, out of one scale per channel of the
/// source (per element of a vector), or one for all.
class SourceScales {
  public:
    SourceScales(const WeightRows& rows, const std::vector<double>& scales);

    /// Whether all values have one scale.
    bool are_equal() const { return scales_.size() == 1; }
    /// Scale of the value that weight `i` of a row meets.
    double at(std::int64_t row, std::int64_t i) const {
        return are_equal() ? scales_.front() : of_row(row)[i / size_of_channel_];
    }

  private:
    const double* of_row(std::int64_t row) const {
        return scales_.data() + row / count_of_group_ * channels_of_row_;
    }

    const std::vector<double>& scales_;
    std::int64_t count_of_group_;
    std::int64_t size_of_channel_;
    std::int64_t channels_of_row_;
};

}  // namespace pysnn::detail
