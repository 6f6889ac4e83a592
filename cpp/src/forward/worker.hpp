// One thread's part of a forward pass: its memory and what it finds.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

#include "base/aligned_buffer.hpp"
#include "forward/observer.hpp"
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
    // Makes what looks at a worker's values, block by block; empty for none.
    std::function<std::unique_ptr<Observer>()> make_observer;
    std::int64_t block = 1;    // samples that a worker's observer sees in one go
    bool find_faults = false;  // whether values of nodes must be finite; so too with find_largest
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
    /// Tells the observer, where there is one.
    void end_block(std::int64_t block);

    // The parts of run(), for who changes values between nodes.
    /// Takes samples, at most as many as the task's bundles hold.
    void load(std::int64_t first, std::int64_t num_samples);
    /// Runs a node on them; the nodes come in order.
    void run_node(std::int64_t node, const Pulse& pulse);
    /// A node's values, (bundles, features, lanes), until a later node takes their place.
    float* values(std::int64_t node) {
        return slots_.data()[network_.nodes().data()[node].slot].data();
    }

    const ForwardFault& fault() const { return fault_; }
    /// Raises `largest`, (channels), to the activations of a node that are above it.
    void raise_largest(std::int64_t node, std::vector<float>& largest) const;

  private:
    // The samples that are there.
    struct Part {
        std::int64_t first;
        std::int64_t num_samples;
        std::int64_t num_bundles;
    };

    void load_part();
    void finish(std::int64_t node);
    void keep(std::int64_t node) const;
    void look_for_fault(std::int64_t node, std::int64_t first, std::int64_t num_samples);

    const PackedNetwork& network_;
    const ForwardTask& task_;
    std::unique_ptr<Observer> observer_;
    Part part_{0, 0, 0};
    std::vector<AlignedBuffer<float>> slots_;
    std::vector<const float*> sources_;        // of the node that runs
    std::vector<float> lane_faults_;           // (lanes)
    std::vector<float> unread_largest_;        // (lanes)
    std::vector<std::vector<float>> largest_;  // per node (channels, lanes)
    ForwardFault fault_;
};

}  // namespace pysnn::detail
