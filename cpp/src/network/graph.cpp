// Who reads whom in a ReLU network, resolved once for everything that walks over it.
#include "network/graph.hpp"

#include <map>
#include <stdexcept>

#include "base/array.hpp"
#include "nodes/registry.hpp"

namespace pysnn {
namespace {

using detail::Graph;
using detail::kInputIndex;
using Indices = std::map<std::string, std::int64_t>;

std::vector<std::int64_t> sources_of(const NetworkNode& node, const Indices& earlier) {
    if (node.inputs.empty()) {
        return {detail::size_of(earlier) - 2};
    }
    std::vector<std::int64_t> sources;
    for (const std::string& input : node.inputs) {
        const auto found = earlier.find(input);
        if (found == earlier.end()) {
            throw std::invalid_argument(detail::where_of(node) + ": input '" + input +
                                        "' is neither '" + kInputName + "' nor an earlier layer");
        }
        sources.push_back(found->second);
    }
    return sources;
}

std::vector<Shape> input_shapes(const Network& network, const Graph& graph,
                                const std::vector<std::int64_t>& sources) {
    std::vector<Shape> shapes;
    for (const std::int64_t source : sources) {
        shapes.push_back(detail::shape_of(network, graph, source));
    }
    return shapes;
}

void check_all_lead_to_output(const Network& network, const Graph& graph) {
    std::vector<bool> is_read(network.nodes.size(), false);
    for (const std::vector<std::int64_t>& sources : graph.sources) {
        for (const std::int64_t source : sources) {
            if (source != kInputIndex) {
                is_read[static_cast<std::size_t>(source)] = true;
            }
        }
    }
    for (std::size_t i = 0; i + 1 < is_read.size(); ++i) {
        if (!is_read[i]) {
            throw std::invalid_argument(detail::where_of(network.nodes[i]) +
                                        " is read by no other layer, and only the last one is the "
                                        "network's output");
        }
    }
}

}  // namespace

namespace detail {

const Shape& shape_of(const Network& network, const Graph& graph, std::int64_t source) {
    return source == kInputIndex ? network.input_shape : graph.shapes.data()[source];
}

std::string where_of(const NetworkNode& node) { return "layer '" + node.name + "'"; }

Graph make_graph(const Network& network) {
    check_shape(network.input_shape, "input_shape");
    if (network.nodes.empty()) {
        throw std::invalid_argument("layers is empty, expected at least one layer");
    }
    Indices indices{{kInputName, kInputIndex}};
    Graph graph;
    for (const NetworkNode& entry : network.nodes) {
        check_name(entry.name, "layer");
        const std::string where = where_of(entry);
        if (entry.name == kInputName) {
            throw std::invalid_argument(where + ": the name stands for the network's input");
        }
        if (indices.count(entry.name) != 0) {
            throw std::invalid_argument(where + " appears twice");
        }
        graph.sources.push_back(sources_of(entry, indices));
        try {
            graph.shapes.push_back(
                output_shape(entry.node, input_shapes(network, graph, graph.sources.back())));
        } catch (const std::invalid_argument& error) {
            throw std::invalid_argument(where + ": " + error.what());
        }
        check_all_finite(entry.node, where);
        indices.emplace(entry.name, detail::size_of(indices) - 1);
    }
    check_all_lead_to_output(network, graph);
    return graph;
}

}  // namespace detail

void validate(const Network& network) { detail::make_graph(network); }

}  // namespace pysnn
