// One thread's part of a forward pass: its memory and what it finds.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "base/aligned_buffer.hpp"
#include "forward/packed_network.hpp"
#include "forward/steps/step.hpp"

namespace pysnn::detail {

/// What a forward pass is asked for.
struct ForwardTask {
    const float* x = nullptr;  // (num_samples, inputs)
    std::int64_t num_samples = 0;
    std::vector<float*> activations;  // one per node, or none at all; null for what is not wanted
    bool find_largest = false;        // whether the largest activations are wanted
    std::int64_t bundles = 1;         // that a worker takes at a time
};

/// The first sample that has a value that is not finite, and where it has the first such value.
struct ForwardFault {
    static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
    static constexpr std::int64_t kInput = -1;
    std::int64_t sample = kNone;
    std::int64_t node = kNone;  // kInput for x itself

    /// Keeps the earlier of both, so that the result does not depend on who found which first.
    void merge(const ForwardFault& other);
};

/// Runs bundles of samples through all nodes.
class ForwardWorker {
  public:
    ForwardWorker(const PackedNetwork& network, const ForwardTask& task);

    /// Runs `num_samples` samples from `first` on; leaves them unfinished once `pulse` has stopped.
    void run(std::int64_t first, std::int64_t num_samples, const Pulse& pulse);

    const ForwardFault& fault() const { return fault_; }
    /// Raises `largest`, (channels), to the activations of a node that are above it.
    void raise_largest(std::int64_t node, std::vector<float>& largest) const;

  private:
    // The samples of one call of run().
    struct Part {
        std::int64_t first;
        std::int64_t num_samples;
        std::int64_t num_bundles;
    };

    void load(const Part& part);
    void finish(std::int64_t node, const Part& part);
    void keep(std::int64_t node, const Part& part) const;
    void look_for_fault(std::int64_t node, std::int64_t first, std::int64_t num_samples);

    const PackedNetwork& network_;
    const ForwardTask& task_;
    std::vector<AlignedBuffer<float>> slots_;
    std::vector<const float*> sources_;        // of the node that runs
    std::vector<float> lane_faults_;           // (lanes)
    std::vector<float> input_largest_;         // (lanes), not read
    std::vector<std::vector<float>> largest_;  // per node (channels, lanes)
    ForwardFault fault_;
};

}  // namespace pysnn::detail
