// Who looks at the values of nodes while a forward pass runs.
#pragma once

#include <cstdint>

namespace pysnn::detail {

/// Looks at the values of nodes for one worker, block by block of samples.
class Observer {
  public:
    virtual ~Observer() = default;

    /// Looks at a bundle; a block's samples come in their order.
    ///
    /// Args:
    ///     node: index of the node.
    ///     is_finished: false before the node's own ReLU. A node without one is finished at once
    ///         and comes once.
    ///     bundle: (features, lanes).
    ///     num_samples: lanes that are samples.
    virtual void see(std::int64_t node, bool is_finished, const float* bundle,
                     std::int64_t num_samples) = 0;

    /// Behind the last sample of a block.
    virtual void end_block(std::int64_t block) = 0;
};

}  // namespace pysnn::detail
