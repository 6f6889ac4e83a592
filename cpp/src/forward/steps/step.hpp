// What a node computes in a forward pass.
#pragma once

#include <cstdint>

#include "base/watch.hpp"

namespace pysnn::detail {

/// Tells a worker whether to go on, and lets the calling thread look after its callbacks.
class Pulse {
  public:
    Pulse(Watch& watch, bool is_caller) : watch_(watch), is_caller_(is_caller) {}

    /// Costs little beside a thousand products.
    bool stopped() const {
        if (is_caller_) {
            watch_.poll();
        }
        return watch_.stopped();
    }

  private:
    Watch& watch_;
    bool is_caller_;
};

/// The sums of one node.
///
/// Values lie in bundles of as many samples as the kernels take at a time:
/// (bundles, features, lanes), features row-major in a node's shape.
class Step {
  public:
    virtual ~Step() = default;

    /// Computes the outputs of all bundles; leaves them unfinished once `pulse` has stopped.
    ///
    /// Args:
    ///     sources: one per input, (num_bundles, features of the input, lanes).
    ///     target: (num_bundles, features, lanes); none of the sources, unless works_in_place().
    virtual void run(const float* const* sources, float* target, std::int64_t num_bundles,
                     const Pulse& pulse) const = 0;

    /// Whether the target may be one of the sources.
    virtual bool works_in_place() const { return false; }
};

}  // namespace pysnn::detail
