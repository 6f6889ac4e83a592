// A network arranged for forward passes: the steps of its nodes, and the memory that they share.
#pragma once

#include <cstdint>
#include <memory>
#include <pysnn/network.hpp>
#include <string>
#include <vector>

#include "forward/steps/step.hpp"

namespace pysnn::detail {

/// A node as a forward pass runs it.
struct PackedNode {
    std::string where;           // how messages name it
    std::unique_ptr<Step> step;  // null for a node that reads its source in another shape only
    bool relu = false;           // whether ReLU follows the step
    std::int64_t channels = 0;   // of images; elements of a vector
    std::int64_t features = 0;   // elements of its shape
    std::vector<std::int64_t> sources;  // slots that it reads, one per input
    std::int64_t slot = 0;              // slot that it writes; that of its source without a step
};

/// The nodes of a network, and the slots of memory that their values live in by turns: a slot is
/// free again behind the last node that reads it. Slot 0 holds the network's input at first.
class PackedNetwork {
  public:
    /// Throws:
    ///     std::invalid_argument: as validate().
    explicit PackedNetwork(const Network& network);

    const Shape& input_shape() const { return input_shape_; }
    std::int64_t num_inputs() const { return num_inputs_; }
    /// Of each node's values.
    const std::vector<Shape>& shapes() const { return shapes_; }
    const std::vector<PackedNode>& nodes() const { return nodes_; }
    /// Features that each slot has room for.
    const std::vector<std::int64_t>& slot_features() const { return slot_features_; }

  private:
    void share_slots(const std::vector<std::int64_t>& last_reader);

    Shape input_shape_;
    std::int64_t num_inputs_;
    std::vector<Shape> shapes_;
    std::vector<PackedNode> nodes_;
    std::vector<std::int64_t> slot_features_;
};

}  // namespace pysnn::detail
