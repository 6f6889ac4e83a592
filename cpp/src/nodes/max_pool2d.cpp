// The kind MaxPool2d, a node alone.
#include "nodes/max_pool2d.hpp"

#include "nodes/pooling.hpp"

namespace pysnn::detail {

Shape KindTraits<MaxPool2d>::output_shape(const MaxPool2d& pool, const Shape& input) {
    const Pooling pooling{window_of(pool), pool.ceil_mode};
    check_pooling(pooling, kType);
    return pooled_shape(pooling, input, kType);
}

Window window_of(const MaxPool2d& pool) {
    return {pool.kernel_size[0], pool.kernel_size[1], pool.stride[0],  pool.stride[1],
            pool.padding,        pool.dilation[0],    pool.dilation[1]};
}

}  // namespace pysnn::detail
