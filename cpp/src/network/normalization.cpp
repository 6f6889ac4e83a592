#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <pysnn/normalization.hpp>
#include <stdexcept>
#include <string>

#include "base/parallel.hpp"

namespace pysnn {
namespace {

// Rows of a weighted layer: one per output neuron or output channel.
struct WeightRows {
    const std::vector<float>* weight = nullptr;  // null for layers without weights
    const std::vector<float>* bias = nullptr;
    std::int64_t count = 0;
    std::int64_t size = 0;
};

WeightRows rows_of(const Layer& layer) {
    if (const auto* linear = std::get_if<Linear>(&layer)) {
        return {&linear->weight, &linear->bias, linear->out_features, linear->in_features};
    }
    if (const auto* conv = std::get_if<Conv2d>(&layer)) {
        return {&conv->weight, &conv->bias, conv->out_channels,
                conv->in_channels * conv->kernel_size[0] * conv->kernel_size[1]};
    }
    return {};
}

bool is_weighted(const NetworkLayer& layer) { return rows_of(layer.layer).weight != nullptr; }

std::int64_t last_weighted(const Network& network) {
    for (auto i = static_cast<std::int64_t>(network.layers.size()); i-- > 0;) {
        if (is_weighted(network.layers[static_cast<std::size_t>(i)])) {
            return i;
        }
    }
    throw std::invalid_argument("the network has no layer with weights");
}

void check_scale(double scale, const std::string& layer, const char* what) {
    if (!std::isfinite(scale) || scale <= 0.0) {
        throw std::invalid_argument("layer '" + layer + "': its " + what + " is " +
                                    std::to_string(scale) +
                                    ", so it can't be normalized; expected a value above 0");
    }
}

// Walks the layers; `scale_of(index, source_scale)` gives the scale of a weighted one.
template <typename ScaleOf>
Normalization walk(const Network& network, bool include_last, ScaleOf scale_of) {
    validate(network);
    const std::int64_t last = last_weighted(network);
    Normalization result;
    double source_scale = 1.0;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        double scale = source_scale;
        const bool left_out = !include_last && static_cast<std::int64_t>(i) == last;
        if (is_weighted(network.layers[i]) && !left_out) {
            scale = scale_of(i, source_scale);
            check_scale(scale, network.layers[i].name, "scale");
        }
        result.scale_factor.push_back(scale);
        result.applied_factor.push_back(scale / source_scale);
        source_scale = scale;
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

double largest_positive_weight(const Layer& layer, int num_threads) {
    const std::vector<float>* weight = rows_of(layer).weight;
    if (weight == nullptr) {
        return 0.0;
    }
    const auto count = static_cast<std::int64_t>(weight->size());
    return std::max(0.0, static_cast<double>(largest_value(weight->data(), count, num_threads)));
}

double largest_positive_sum(const Layer& layer, double source_scale, int num_threads) {
    const WeightRows rows = rows_of(layer);
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
        throw std::invalid_argument("values is " + std::to_string(*bad) + " at index " +
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
        const double sum = largest_positive_sum(network.layers[i].layer, source_scale, num_threads);
        check_scale(sum, network.layers[i].name, "largest sum of positive weights");
        return sum;
    });
}

Normalization data_based_normalization(const Network& network,
                                       const std::vector<double>& max_activation, bool include_last,
                                       DataVariant variant, int num_threads) {
    if (max_activation.size() != network.layers.size()) {
        throw std::invalid_argument("max_activation has " + std::to_string(max_activation.size()) +
                                    " values, but the network has " +
                                    std::to_string(network.layers.size()) + " layers");
    }
    double previous_applied = 1.0;
    return walk(network, include_last, [&](std::size_t i, double source_scale) {
        const NetworkLayer& layer = network.layers[i];
        const double found =
            std::max(largest_positive_weight(layer.layer, num_threads), max_activation[i]);
        check_scale(found, layer.name, "largest activation or positive weight");
        if (variant == DataVariant::Correct) {
            return found;
        }
        previous_applied = found / previous_applied;
        return source_scale * previous_applied;
    });
}

Network apply_scales(const Network& network, const std::vector<double>& scale_factor) {
    validate(network);
    if (scale_factor.size() != network.layers.size()) {
        throw std::invalid_argument("scale_factor has " + std::to_string(scale_factor.size()) +
                                    " values, but the network has " +
                                    std::to_string(network.layers.size()) + " layers");
    }
    Network result = network;
    double source_scale = 1.0;
    for (std::size_t i = 0; i < result.layers.size(); ++i) {
        check_scale(scale_factor[i], result.layers[i].name, "scale_factor");
        if (auto* linear = std::get_if<Linear>(&result.layers[i].layer)) {
            multiply(linear->weight, source_scale, scale_factor[i]);
            multiply(linear->bias, 1.0, scale_factor[i]);
        } else if (auto* conv = std::get_if<Conv2d>(&result.layers[i].layer)) {
            multiply(conv->weight, source_scale, scale_factor[i]);
            multiply(conv->bias, 1.0, scale_factor[i]);
        }
        source_scale = scale_factor[i];
    }
    return result;
}

}  // namespace pysnn
