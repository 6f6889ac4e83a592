// Who reads whom in a ReLU network, resolved once for everything that walks over it.
#pragma once

#include <cstdint>
#include <pysnn/network.hpp>
#include <string>
#include <vector>

namespace pysnn::detail {

/// Stands for the network's input among the sources of a node.
inline constexpr std::int64_t kInputIndex = -1;

/// Sources and shapes of a network's nodes, in their topological order.
struct Graph {
    std::vector<std::vector<std::int64_t>> sources;  // of each node: earlier nodes or kInputIndex
    std::vector<Shape> shapes;                       // that each node makes
};

/// The graph of a network that passes validate().
///
/// Throws:
///     std::invalid_argument: as validate().
Graph make_graph(const Network& network);

/// Of a node, or of the network's input.
const Shape& shape_of(const Network& network, const Graph& graph, std::int64_t source);

/// "layer 'conv1'", at the beginning of messages.
std::string where_of(const NetworkNode& node);

}  // namespace pysnn::detail
