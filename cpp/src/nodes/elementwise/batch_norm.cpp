// The kind BatchNorm, a node alone.
#include "nodes/elementwise/batch_norm.hpp"

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "base/array.hpp"
#include "base/text.hpp"
#include "nodes/checks.hpp"

namespace pysnn::detail {
namespace {

void check_variance(const BatchNorm& norm) {
    if (!std::isfinite(norm.eps) || norm.eps < 0.0) {
        throw std::invalid_argument("BatchNorm eps is " + to_text(norm.eps) +
                                    ", expected a finite value of at least 0");
    }
    for (std::size_t i = 0; i < norm.variance.size(); ++i) {
        // Turned round, so that NaN is refused too.
        if (!(norm.variance[i] >= 0.0F && norm.variance[i] + norm.eps > 0.0)) {
            throw std::invalid_argument("BatchNorm variance is " + to_text(norm.variance[i]) +
                                        " in channel " + std::to_string(i) + " and eps is " +
                                        to_text(norm.eps) +
                                        ", expected no negative variance and a sum above 0");
        }
    }
}

void check_finite(const BatchNorm& norm) {
    std::size_t channel = 0;
    for (const ScaleAndShift& each : scales_and_shifts(norm)) {
        if (!std::isfinite(each.scale) || !std::isfinite(each.shift)) {
            throw std::invalid_argument("BatchNorm scales channel " + std::to_string(channel) +
                                        " by " + to_text(each.scale) + " and shifts it by " +
                                        to_text(each.shift) + ", expected finite values");
        }
        ++channel;
    }
}

}  // namespace

Shape KindTraits<BatchNorm>::output_shape(const BatchNorm& norm, const Shape& input) {
    const std::int64_t channels = input.front();
    check_size(norm.mean.size(), channels, "BatchNorm mean");
    check_size(norm.variance.size(), channels, "BatchNorm variance");
    if (!norm.weight.empty()) {
        check_size(norm.weight.size(), channels, "BatchNorm weight");
    }
    if (!norm.bias.empty()) {
        check_size(norm.bias.size(), channels, "BatchNorm bias");
    }
    check_variance(norm);
    check_finite(norm);
    return input;
}

std::vector<ScaleAndShift> scales_and_shifts(const BatchNorm& norm) {
    std::vector<ScaleAndShift> result;
    for (std::size_t i = 0; i < norm.mean.size(); ++i) {
        const double weight = norm.weight.empty() ? 1.0 : norm.weight[i];
        const double bias = norm.bias.empty() ? 0.0 : norm.bias[i];
        const double scale = weight / std::sqrt(norm.variance[i] + norm.eps);
        result.push_back(
            {static_cast<float>(scale), static_cast<float>(bias - norm.mean[i] * scale)});
    }
    return result;
}

}  // namespace pysnn::detail
