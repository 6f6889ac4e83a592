// The ReLU network that a conversion starts from: a graph of named nodes.
#pragma once

#include <pysnn/export.hpp>
#include <pysnn/node.hpp>
#include <string>
#include <vector>

namespace pysnn {

/// Name under which nodes and projections refer to the network's input.
inline constexpr const char* kInputName = "input";

/// What follows the sum of a weighted node.
enum class Activation { ReLU, None };

/// A node of a graph.
struct NetworkNode {
    std::string name;  // unique in its network, and not kInputName where others name their inputs
    Node node;
    Activation activation = Activation::ReLU;  // of Linear and Conv2d; the others have none
    // Names of earlier nodes, or kInputName. Empty means the node before, and the network's input
    // for the first.
    std::vector<std::string> inputs;
};

/// ReLU network with one input and one output, the last node.
struct Network {
    Shape input_shape;               // (n) or (channels, height, width)
    std::vector<NetworkNode> nodes;  // topological order
};

/// Checks names, order and number of inputs, that every node leads to the output, that sizes fit
/// and that all weights are finite.
///
/// Throws:
///     std::invalid_argument: names the node, what came and what was expected.
PYSNN_API void validate(const Network& network);

}  // namespace pysnn
