// The kind AvgPool2d, as a node and as synapses.
#include "nodes/avg_pool2d.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>

#include "base/array.hpp"
#include "base/text.hpp"
#include "nodes/checks.hpp"

namespace pysnn::detail {
namespace {

Window window_of(const std::array<std::int64_t, 2>& kernel_size,
                 const std::array<std::int64_t, 2>& stride) {
    return {kernel_size[0], kernel_size[1], stride[0], stride[1]};
}

}  // namespace

Window window_of(const AvgPool2d& pool) { return window_of(pool.kernel_size, pool.stride); }

Window window_of(const PoolSynapses& pool) { return window_of(pool.kernel_size, pool.stride); }

Shape KindTraits<AvgPool2d>::output_shape(const AvgPool2d& pool, const Shape& input) {
    check_at_least(pool.kernel_size, 1, "AvgPool2d kernel_size");
    check_at_least(pool.stride, 1, "AvgPool2d stride");
    check_image(input, kType);
    Shape output{input[0]};
    for (const std::size_t axis : {0, 1}) {
        const WindowAxis window = window_of(pool).axes()[axis];
        const std::int64_t room = window.room(input[axis + 1]);
        if (room < 0 || room % window.stride != 0) {
            throw std::invalid_argument("AvgPool2d windows of " + to_text(pool.kernel_size) +
                                        " with stride " + to_text(pool.stride) +
                                        " do not tile an input of shape " + to_text(input));
        }
        output.push_back(window.num_targets(input[axis + 1]));
    }
    return output;
}

Shape KindTraits<PoolSynapses>::output_shape(const PoolSynapses& pool, const Shape& source) {
    Shape output =
        KindTraits<AvgPool2d>::output_shape(AvgPool2d{pool.kernel_size, pool.stride}, source);
    if (!pool.weight.empty()) {
        check_size(pool.weight.size(), source[0], "AvgPool2d weight");
    }
    return output;
}

void KindTraits<PoolSynapses>::add_rows(PoolSynapses& pool, std::int64_t channel,
                                        IncomingRows& incoming) {
    if (channel >= detail::size_of(pool.weight)) {
        pool.weight.resize(static_cast<std::size_t>(channel + 1), 0.0F);
    }
    incoming.means.push_back({pool.weight.data() + channel, window_of(pool).num_positions()});
}

}  // namespace pysnn::detail
