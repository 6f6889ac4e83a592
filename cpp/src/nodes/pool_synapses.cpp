// The synapses of average pools.
#include "nodes/pool_synapses.hpp"

#include "base/array.hpp"
#include "nodes/checks.hpp"
#include "nodes/pooling.hpp"

namespace pysnn::detail {
namespace {

Shape shape_of(const PoolSynapses& pool, const Shape& source) {
    return pooled_shape({window_of(pool), pool.ceil_mode}, source, KindTraits<PoolSynapses>::kType);
}

MeanWindows windows_of(const PoolSynapses& pool, const Shape& source) {
    return {window_of(pool), source, shape_of(pool, source), pool.count_include_pad};
}

}  // namespace

Window window_of(const PoolSynapses& pool) {
    return {pool.kernel_size[0], pool.kernel_size[1], pool.stride[0], pool.stride[1], pool.padding};
}

bool has_one_divisor(const PoolSynapses& pool, const Shape& source) {
    return windows_of(pool, source).have_one_divisor();
}

Shape KindTraits<PoolSynapses>::output_shape(const PoolSynapses& pool, const Shape& source) {
    check_pooling({window_of(pool), pool.ceil_mode}, kType);
    Shape output = shape_of(pool, source);
    if (!pool.weight.empty()) {
        const bool is_shared = has_one_divisor(pool, source);
        check_size(pool.weight.size(), is_shared ? source[0] : num_elements(output),
                   "AvgPool2d weight");
    }
    return output;
}

void KindTraits<PoolSynapses>::add_rows(PoolSynapses& pool, const RowSource& source,
                                        std::int64_t index, IncomingRows& incoming) {
    const MeanWindows windows = windows_of(pool, source.shape);
    const bool is_shared = windows.have_one_divisor();
    const std::int64_t position = is_shared ? 0 : index % windows.size();
    if (pool.weight.empty()) {
        pool.weight.resize(to_size(source.shape[0] * (is_shared ? 1 : windows.size())), 0.0F);
    }
    MeanRow row;
    row.weight = pool.weight.data() + index;
    row.count = is_shared ? windows.most_taps() : windows.at(position).num_taps;
    row.mean = source.scale / static_cast<double>(windows.at(position).divisor);
    incoming.means.push_back(row);
}

}  // namespace pysnn::detail
