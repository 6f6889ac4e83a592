// The scales of what the weights of a node meet.
#pragma once

#include <cstdint>
#include <vector>

#include "nodes/weight_rows.hpp"

namespace pysnn::detail {

/// The scale of the source's value that each weight meets, out of one scale per channel of the
/// source (per element of a vector), or one for all.
class SourceScales {
  public:
    SourceScales(const RowSizes& rows, const std::vector<double>& scales);

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
