// Weight normalization over the graph of a network, with one scale per channel inside.

#include <algorithm>
#include <cmath>
#include <pysnn/normalization.hpp>
#include <stdexcept>
#include <string>

#include "base/array.hpp"
#include "base/text.hpp"
#include "network/graph.hpp"
#include "network/largest.hpp"
#include "network/source_scales.hpp"
#include "nodes/registry.hpp"
#include "platform/float_mode.hpp"
#include "platform/parallel.hpp"

namespace pysnn {
namespace {

using detail::Graph;
using detail::kInputIndex;
using detail::SourceScales;
using detail::weight_rows;
using detail::WeightRows;
using Scales = std::vector<double>;  // one per channel (per element of a vector), or one for all

bool is_weighted(const NetworkNode& node) { return weight_rows(node.node).weight != nullptr; }

std::int64_t last_weighted(const Network& network) {
    for (auto i = detail::size_of(network.nodes); i-- > 0;) {
        if (is_weighted(network.nodes.data()[i])) {
            return i;
        }
    }
    throw std::invalid_argument("the network has no layer with weights");
}

void check_scale(double scale, const NetworkNode& node, const char* what) {
    if (!std::isfinite(scale) || scale <= 0.0) {
        throw std::invalid_argument(detail::where_of(node) + ": its " + what + " is " +
                                    detail::to_text(scale) +
                                    ", so it can't be normalized; expected a value above 0");
    }
}

// The next weighted node towards the input, or kInputIndex.
std::int64_t weighted_before(const Network& network, const Graph& graph, std::int64_t index) {
    std::int64_t node = graph.sources.data()[index].front();
    while (node != kInputIndex && !is_weighted(network.nodes.data()[node])) {
        node = graph.sources.data()[node].front();
    }
    return node;
}

// Whose nodes have one input each.
Graph normalized_graph(const Network& network) {
    Graph graph = detail::make_graph(network);
    for (const NetworkNode& node : network.nodes) {
        if (!detail::is_normalized(node.node)) {
            throw std::invalid_argument(
                detail::where_of(node) + " is of type " + detail::type_of(node.node) +
                ", which can't be normalized; expected Linear, Conv2d, AvgPool2d and Flatten only");
        }
    }
    return graph;
}

// Values that go with the nodes of a network; those of its input are fixed.
template <typename Value>
const Value& of_source(const std::vector<Value>& values, const Value& of_input,
                       std::int64_t source) {
    return source == kInputIndex ? of_input : values.data()[source];
}

// What weights are divided by; with several scales behind them that is no number of a row's own.
Scales applied_factor(const Scales& scales, const Scales& source_scales) {
    if (source_scales.size() != 1) {
        return {};
    }
    Scales applied = scales;
    for (double& factor : applied) {
        factor /= source_scales.front();
    }
    return applied;
}

// Walks the nodes; `scale_of(index, source_scales)` gives the scale of a weighted one.
template <typename ScaleOf>
Normalization walk(const Network& network, bool include_last, ScaleOf scale_of) {
    const detail::FloatMode mode;
    const Graph graph = normalized_graph(network);
    const std::int64_t last = last_weighted(network);
    const Scales of_input{1.0};
    Normalization result;
    std::int64_t index = 0;
    for (const NetworkNode& node : network.nodes) {
        const std::int64_t source = graph.sources.data()[index].front();
        const Scales& source_scales = of_source(result.scale_factor, of_input, source);
        Scales scales = source_scales;
        if (is_weighted(node) && (include_last || index != last)) {
            const double scale = scale_of(index, source_scales);
            check_scale(scale, node, "scale");
            scales = {scale};
        }
        result.applied_factor.push_back(is_weighted(node) ? applied_factor(scales, source_scales)
                                                          : Scales{1.0});
        result.scale_factor.push_back(std::move(scales));
        ++index;
    }
    return result;
}

// Weights times source scale / scale, biases / scale, each rounded once.
void rescale(const detail::BasicWeightRows<std::vector<float>>& rows, const Scales& source_scales,
             const Scales& scales) {
    const SourceScales source(rows.sizes, source_scales);
    const auto scale_of_row = [&](std::int64_t row) {
        return scales.data()[row * detail::size_of(scales) / rows.sizes.count];
    };
    float* value = rows.weight->data();
    for (std::int64_t row = 0; row < rows.sizes.count; ++row) {
        for (std::int64_t i = 0; i < rows.sizes.size; ++i, ++value) {
            *value = static_cast<float>(*value * source.at(row, i) / scale_of_row(row));
        }
    }
    std::int64_t row = 0;
    for (float& value_of_bias : *rows.bias) {
        value_of_bias = static_cast<float>(value_of_bias / scale_of_row(row));
        ++row;
    }
}

// One scale for all of `count` channels, or one for each; elements of a flattened image may share
// the scales of its channels.
void check_scales(const Scales& scales, std::int64_t count, const NetworkNode& node) {
    const auto num_scales = detail::size_of(scales);
    const bool are_shared = !is_weighted(node) && num_scales > 0 && count % num_scales == 0;
    if (num_scales != 1 && num_scales != count && !are_shared) {
        throw std::invalid_argument(detail::where_of(node) + ": scale_factor has " +
                                    std::to_string(num_scales) + " values, expected 1 or " +
                                    std::to_string(count));
    }
    for (const double scale : scales) {
        check_scale(scale, node, "scale_factor");
    }
}

// Sum of source scale times positive weight, in memory order; one scale for all is a factor.
double positive_sum(const WeightRows& rows, std::int64_t row, const SourceScales& scales) {
    const float* weight = rows.weight->data() + row * rows.sizes.size;
    double sum = 0.0;
    if (scales.are_equal()) {
        for (std::int64_t i = 0; i < rows.sizes.size; ++i) {
            sum += std::max<double>(0.0, weight[i]);
        }
        return scales.at(row, 0) * sum;
    }
    for (std::int64_t i = 0; i < rows.sizes.size; ++i) {
        sum += scales.at(row, i) * std::max<double>(0.0, weight[i]);
    }
    return sum;
}

}  // namespace

double largest_positive_weight(const Node& node, int num_threads) {
    const std::vector<float>* weight = weight_rows(node).weight;
    if (weight == nullptr) {
        return 0.0;
    }
    const auto count = detail::size_of(*weight);
    return std::max<double>(0.0, largest_value(weight->data(), count, num_threads));
}

double largest_positive_sum(const Node& node, double source_scale, int num_threads) {
    return largest_positive_sum(node, std::vector<double>{source_scale}, num_threads);
}

double largest_positive_sum(const Node& node, const std::vector<double>& source_scale,
                            int num_threads) {
    const WeightRows rows = weight_rows(node);
    if (rows.weight == nullptr) {
        return 0.0;
    }
    const SourceScales scales(rows.sizes, source_scale);
    // Rows are shared among threads, the sum of a row is not: its order stays the same.
    constexpr std::int64_t kRowsPerItem = 64;
    std::vector<double> sums(rows.sizes.count);
    detail::parallel_for(
        (rows.sizes.count + kRowsPerItem - 1) / kRowsPerItem,
        detail::resolve_num_threads(num_threads), [] {},
        [&](std::int64_t item, detail::Worker) {
            const std::int64_t end = std::min(rows.sizes.count, (item + 1) * kRowsPerItem);
            for (std::int64_t row = item * kRowsPerItem; row < end; ++row) {
                const double bias = rows.bias->empty() ? 0.0 : rows.bias->data()[row];
                sums.data()[row] = positive_sum(rows, row, scales) + std::max(0.0, bias);
            }
        });
    return *std::max_element(sums.begin(), sums.end());
}

float largest_value(const float* values, std::int64_t num_values, int num_threads) {
    return detail::find_largest(values, num_values, num_threads);
}

Normalization model_based_normalization(const Network& network, bool include_last,
                                        int num_threads) {
    return walk(network, include_last, [&](std::int64_t index, const Scales& source) {
        const NetworkNode& node = network.nodes.data()[index];
        const double sum = largest_positive_sum(node.node, source, num_threads);
        check_scale(sum, node, "largest sum of positive weights");
        return sum;
    });
}

Normalization data_based_normalization(const Network& network,
                                       const std::vector<double>& max_activation, bool include_last,
                                       DataVariant variant, int num_threads) {
    if (max_activation.size() != network.nodes.size()) {
        throw std::invalid_argument("max_activation has " + std::to_string(max_activation.size()) +
                                    " values, but the network has " +
                                    std::to_string(network.nodes.size()) + " layers");
    }
    const Graph graph = normalized_graph(network);
    std::vector<double> divisors(network.nodes.size(), 1.0);  // by the released variant
    return walk(network, include_last, [&](std::int64_t index, const Scales& source_scales) {
        const NetworkNode& node = network.nodes.data()[index];
        const double found =
            std::max(largest_positive_weight(node.node, num_threads), max_activation.data()[index]);
        check_scale(found, node, "largest activation or positive weight");
        if (variant == DataVariant::Correct) {
            return found;
        }
        const std::int64_t before = weighted_before(network, graph, index);
        divisors.data()[index] = found / of_source(divisors, 1.0, before);
        return source_scales.front() * divisors.data()[index];
    });
}

Network apply_scales(const Network& network, const std::vector<std::vector<double>>& scale_factor) {
    const detail::FloatMode mode;
    const Graph graph = normalized_graph(network);
    if (scale_factor.size() != network.nodes.size()) {
        throw std::invalid_argument("scale_factor has " + std::to_string(scale_factor.size()) +
                                    " values, but the network has " +
                                    std::to_string(network.nodes.size()) + " layers");
    }
    std::int64_t index = 0;
    for (const NetworkNode& node : network.nodes) {
        check_scales(scale_factor.data()[index], graph.shapes.data()[index].front(), node);
        ++index;
    }
    const Scales of_input{1.0};
    Network result = network;
    index = 0;
    for (NetworkNode& node : result.nodes) {
        const Scales& source =
            of_source(scale_factor, of_input, graph.sources.data()[index].front());
        const Scales& scales = scale_factor.data()[index];
        std::visit(
            [&](auto& kind) {
                const auto rows =
                    detail::KindTraits<std::decay_t<decltype(kind)>>::weight_rows(kind);
                if (rows.weight != nullptr) {
                    rescale(rows, source, scales);
                }
            },
            node.node);
        ++index;
    }
    return result;
}

}  // namespace pysnn
