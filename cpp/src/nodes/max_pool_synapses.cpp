// The synapses of max pools: windows without weights.
#include "nodes/max_pool_synapses.hpp"

#include "nodes/pooling.hpp"

namespace pysnn::detail {

Window window_of(const MaxPoolSynapses& pool) {
    return {pool.kernel_size[0], pool.kernel_size[1], pool.stride[0],  pool.stride[1],
            pool.padding,        pool.dilation[0],    pool.dilation[1]};
}

Shape KindTraits<MaxPoolSynapses>::output_shape(const MaxPoolSynapses& pool, const Shape& source) {
    const Pooling pooling{window_of(pool), pool.ceil_mode};
    check_pooling(pooling, kType);
    return pooled_shape(pooling, source, kType);
}

}  // namespace pysnn::detail
