// Which scale each weight meets.

#include "network/source_scales.hpp"

#include "base/array.hpp"

namespace pysnn::detail {

SourceScales::SourceScales(const RowSizes& rows, const std::vector<double>& scales)
    : scales_(scales), count_of_group_(rows.count_of_group) {
    const auto num_scales = detail::size_of(scales);
    size_of_channel_ = rows.size_of_channel == 0 ? rows.size / num_scales : rows.size_of_channel;
    channels_of_row_ = rows.size / size_of_channel_;
}

}  // namespace pysnn::detail
