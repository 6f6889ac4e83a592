#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <pysnn/normalization.hpp>
#include <stdexcept>
#include <string>

#include "base/overloaded.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "network/graph.hpp"

namespace pysnn {
namespace {

// Rows of a weighted layer: one per output neuron or output channel.
struct WeightRows {
    const std::vector<float>* weight = nullptr;  // null for layers without weights
    const std::vector<float>* bias = nullptr;
    std::int64_t count = 0;
    std::int64_t size = 0;
};

WeightRows rows_of(const Node& node) {
    if (const auto* linear = std::get_if<Linear>(&node)) {
        return {&linear->weight, &linear->bias, linear->out_features, linear->in_features};
    }
    if (const auto* conv = std::get_if<Conv2d>(&node)) {
        return {&conv->weight, &conv->bias, conv->out_channels,
                conv->in_channels * conv->kernel_size[0] * conv->kernel_size[1]};
    }
    return {};
}

bool is_weighted(const NetworkNode& layer) { return rows_of(layer.node).weight != nullptr; }

std::int64_t last_weighted(const Network& network) {
    for (auto i = static_cast<std::int64_t>(network.nodes.size()); i-- > 0;) {
        if (is_weighted(network.nodes[static_cast<std::size_t>(i)])) {
            return i;
        }
    }
    throw std::invalid_argument("the network has no layer with weights");
}

void check_scale(double scale, const std::string& layer, const char* what) {
    if (!std::isfinite(scale) || scale <= 0.0) {
        throw std::invalid_argument("layer '" + layer + "': its " + what + " is " +
                                    detail::to_text(scale) +
                                    ", so it can't be normalized; expected a value above 0");
    }
}

// Walks the layers; `scale_of(index, source_scale)` gives the scale of a weighted one.
template <typename ScaleOf>
Normalization walk(const Network& network, bool include_last, ScaleOf scale_of) {
    const detail::Graph graph = detail::make_graph(network);
    const std::int64_t last = last_weighted(network);
    Normalization result;
    for (std::size_t i = 0; i < network.nodes.size(); ++i) {
        const std::int64_t source = graph.source(i);
        const double source_scale = source == detail::kInputIndex
                                        ? 1.0
                                        : result.scale_factor[static_cast<std::size_t>(source)][0];
        double scale = source_scale;
        const bool left_out = !include_last && static_cast<std::int64_t>(i) == last;
        if (is_weighted(network.nodes[i]) && !left_out) {
            scale = scale_of(i, source_scale);
            check_scale(scale, network.nodes[i].name, "scale");
        }
        result.scale_factor.push_back({scale});
        result.applied_factor.push_back({scale / source_scale});
    }
    return result;
}

void multiply(std::vector<float>& values, double numerator, double denominator) {
    for (float& value : values) {
        value = static_cast<float>(static_cast<double>(value) * numerator / denominator);
    }
}

constexpr std::int32_t kMagnitudeMask = 0x7FFFFFFF;
constexpr std::int32_t kInfinityBits = 0x7F800000;

// Maps the bits of floats to integers of the same order, and back: below 0 the order of magnitudes
// is turned round.
std::int32_t ordered_key(std::int32_t bits) { return bits ^ ((bits >> 31) & kMagnitudeMask); }

struct Scan {
    std::int32_t largest_key = std::numeric_limits<std::int32_t>::min();
    bool finite = true;
};

// On integers, because compilers may not reorder, and so not vectorize, a maximum of floats.
Scan scan(const float* values, std::int64_t count) {
    std::int32_t largest = std::numeric_limits<std::int32_t>::min();
    std::int32_t not_finite = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        std::int32_t bits;
        std::memcpy(&bits, values + i, sizeof bits);
        largest = std::max(largest, ordered_key(bits));
        not_finite |= static_cast<std::int32_t>((bits & kInfinityBits) == kInfinityBits);
    }
    return {largest, not_finite == 0};
}

}  // namespace

double largest_positive_weight(const Node& node, int num_threads) {
    const std::vector<float>* weight = rows_of(node).weight;
    if (weight == nullptr) {
        return 0.0;
    }
    const auto count = static_cast<std::int64_t>(weight->size());
    return std::max(0.0, static_cast<double>(largest_value(weight->data(), count, num_threads)));
}

double largest_positive_sum(const Node& node, double source_scale, int num_threads) {
    const WeightRows rows = rows_of(node);
    if (rows.weight == nullptr) {
        return 0.0;
    }
    // Rows are shared among threads, the sum of a row is not: its order stays the same.
    constexpr std::int64_t kRowsPerItem = 64;
    std::vector<double> sums(static_cast<std::size_t>(rows.count));
    detail::parallel_for(
        (rows.count + kRowsPerItem - 1) / kRowsPerItem, detail::resolve_num_threads(num_threads),
        [] {},
        [&](std::int64_t item, detail::Worker) {
            const std::int64_t end = std::min(rows.count, (item + 1) * kRowsPerItem);
            for (std::int64_t row = item * kRowsPerItem; row < end; ++row) {
                const float* weight = rows.weight->data() + row * rows.size;
                double sum = 0.0;
                for (std::int64_t i = 0; i < rows.size; ++i) {
                    sum += std::max(0.0, static_cast<double>(weight[i]));
                }
                const auto index = static_cast<std::size_t>(row);
                const double bias =
                    rows.bias->empty() ? 0.0 : static_cast<double>((*rows.bias)[index]);
                sums[index] = source_scale * sum + std::max(0.0, bias);
            }
        });
    return *std::max_element(sums.begin(), sums.end());
}

float largest_value(const float* values, std::int64_t num_values, int num_threads) {
    if (num_values < 1) {
        throw std::invalid_argument("values is empty, expected at least one value");
    }
    constexpr std::int64_t kItem = 1 << 16;
    const std::int64_t num_items = (num_values + kItem - 1) / kItem;
    std::vector<Scan> scans(static_cast<std::size_t>(num_items));
    detail::parallel_for(
        num_items, detail::resolve_num_threads(num_threads), [] {},
        [&](std::int64_t item, detail::Worker) {
            const std::int64_t count = std::min(kItem, num_values - item * kItem);
            scans[static_cast<std::size_t>(item)] = scan(values + item * kItem, count);
        });
    Scan whole;
    for (const Scan& part : scans) {
        whole.largest_key = std::max(whole.largest_key, part.largest_key);
        whole.finite = whole.finite && part.finite;
    }
    if (!whole.finite) {
        const float* bad = std::find_if(values, values + num_values,
                                        [](float value) { return !std::isfinite(value); });
        throw std::invalid_argument("values is " + detail::to_text(*bad) + " at index " +
                                    std::to_string(bad - values) + ", expected finite values");
    }
    const std::int32_t bits = ordered_key(whole.largest_key);
    float largest;
    std::memcpy(&largest, &bits, sizeof largest);
    return largest;
}

Normalization model_based_normalization(const Network& network, bool include_last,
                                        int num_threads) {
    return walk(network, include_last, [&](std::size_t i, double source_scale) {
        const double sum = largest_positive_sum(network.nodes[i].node, source_scale, num_threads);
        check_scale(sum, network.nodes[i].name, "largest sum of positive weights");
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
    double previous_applied = 1.0;
    return walk(network, include_last, [&](std::size_t i, double source_scale) {
        const NetworkNode& layer = network.nodes[i];
        const double found =
            std::max(largest_positive_weight(layer.node, num_threads), max_activation[i]);
        check_scale(found, layer.name, "largest activation or positive weight");
        if (variant == DataVariant::Correct) {
            return found;
        }
        previous_applied = found / previous_applied;
        return source_scale * previous_applied;
    });
}

Network apply_scales(const Network& network, const std::vector<std::vector<double>>& scale_factor) {
    const detail::Graph graph = detail::make_graph(network);
    if (scale_factor.size() != network.nodes.size()) {
        throw std::invalid_argument("scale_factor has " + std::to_string(scale_factor.size()) +
                                    " values, but the network has " +
                                    std::to_string(network.nodes.size()) + " layers");
    }
    for (std::size_t i = 0; i < scale_factor.size(); ++i) {
        const std::string& name = network.nodes[i].name;
        if (scale_factor[i].size() != 1) {
            throw std::invalid_argument("layer '" + name + "': scale_factor has " +
                                        std::to_string(scale_factor[i].size()) +
                                        " values, expected 1");
        }
        check_scale(scale_factor[i][0], name, "scale_factor");
    }
    Network result = network;
    for (std::size_t i = 0; i < result.nodes.size(); ++i) {
        const std::int64_t source = graph.source(i);
        const double source_scale =
            source == detail::kInputIndex ? 1.0 : scale_factor[static_cast<std::size_t>(source)][0];
        const double scale = scale_factor[i][0];
        std::visit(detail::Overloaded{[&](Linear& linear) {
                                          multiply(linear.weight, source_scale, scale);
                                          multiply(linear.bias, 1.0, scale);
                                      },
                                      [&](Conv2d& conv) {
                                          multiply(conv.weight, source_scale, scale);
                                          multiply(conv.bias, 1.0, scale);
                                      },
                                      [](AvgPool2d&) {}, [](Flatten&) {}},
                   result.nodes[i].node);
    }
    return result;
}

}  // namespace pysnn
