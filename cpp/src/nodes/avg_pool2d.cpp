// The kind AvgPool2d, a node; pool_synapses.cpp has its synapses.
#include "nodes/avg_pool2d.hpp"

#include "nodes/pooling.hpp"

namespace pysnn::detail {

Window window_of(const AvgPool2d& pool) {
    return {pool.kernel_size[0], pool.kernel_size[1], pool.stride[0], pool.stride[1], pool.padding};
}

Shape KindTraits<AvgPool2d>::output_shape(const AvgPool2d& pool, const Shape& input) {
    const Pooling pooling{window_of(pool), pool.ceil_mode};
    check_pooling(pooling, kType);
    return pooled_shape(pooling, input, kType);
}

}  // namespace pysnn::detail
