// Thresholds, phases and currents of intensities, and the checks of their ranges.

#include "engine/encoding.hpp"

#include <cmath>
#include <pysnn/input.hpp>
#include <stdexcept>
#include <string>

#include "base/array.hpp"
#include "base/text.hpp"

namespace pysnn {

const char* name_of(Encoding encoding) noexcept {
    switch (encoding) {
        case Encoding::Poisson:
            return "poisson";
        case Encoding::Regular:
            return "regular";
        case Encoding::Constant:
            return "constant";
    }
    return "";
}

namespace detail {
namespace {

constexpr double kTwoTo32 = 4294967296.0;

std::string index_text(std::int64_t sample, std::int64_t input) {
    return "[" + std::to_string(sample) + ", " + std::to_string(input) + "]";
}

}  // namespace

std::uint64_t spike_threshold(float x, double probability_scale) {
    return static_cast<std::uint64_t>(std::nearbyint(x * probability_scale * kTwoTo32));
}

std::uint64_t regular_phase(std::uint64_t input) {
    constexpr std::uint64_t kHalf = std::uint64_t{1} << 31;
    constexpr std::uint64_t kGoldenRatio = 0x9E3779B9;  // 2^32 / 1.618..., odd
    return (kHalf + input * kGoldenRatio) & 0xFFFFFFFFU;
}

double current_units(float x, double probability_scale) {
    return std::nearbyint(x * probability_scale * kCurrentUnits);
}

void check_dt(double dt) {
    if (!std::isfinite(dt) || dt <= 0.0) {
        throw std::invalid_argument("dt is " + to_text(dt) + " s, expected a finite value above 0");
    }
}

double checked_probability_scale(double dt, double max_rate) {
    check_dt(dt);
    if (!std::isfinite(max_rate) || max_rate < 0.0) {
        throw std::invalid_argument("max_rate is " + to_text(max_rate) +
                                    " Hz, expected a finite value of at least 0");
    }
    const double scale = max_rate * dt;
    if (scale > 1.0) {
        throw std::invalid_argument(
            "max_rate * dt is " + to_text(scale) +
            ", but a neuron spikes at most once per step; expected at most 1: max_rate of " +
            to_text(max_rate) + " Hz at a dt of " + to_text(dt) +
            " s needs a lower rate or a shorter step");
    }
    return scale;
}

void check_sample_ids(const std::vector<std::uint64_t>& sample_ids, std::int64_t num_samples) {
    const std::int64_t size = size_of(sample_ids);
    if (size != 0 && size != num_samples) {
        throw std::invalid_argument("sample_ids has " + std::to_string(size) +
                                    " values, but there are " + std::to_string(num_samples) +
                                    " samples");
    }
}

void check_bias_scale(double bias_scale) {
    if (!(bias_scale >= 0.0 && bias_scale <= 1.0)) {
        throw std::invalid_argument("bias_scale is " + to_text(bias_scale) +
                                    ", expected a value in [0, 1], which keeps sums exact");
    }
}

void check_intensities(const float* x, std::int64_t num_samples, std::int64_t num_inputs) {
    for (std::int64_t sample = 0; sample < num_samples; ++sample) {
        const float* row = x + sample * num_inputs;
        bool bad = false;
        for (std::int64_t i = 0; i < num_inputs; ++i) {
            bad |= !(row[i] >= 0.0F && row[i] <= 1.0F);
        }
        for (std::int64_t i = 0; bad && i < num_inputs; ++i) {
            if (!(row[i] >= 0.0F && row[i] <= 1.0F)) {
                throw std::invalid_argument("x is " + to_text(row[i]) + " at " +
                                            index_text(sample, i) +
                                            ", expected values in [0, 1]; scale x, or clip what "
                                            "rounding has left outside");
            }
        }
    }
}

void check_spikes(const std::uint8_t* spikes, std::int64_t num_steps, std::int64_t num_samples,
                  std::int64_t num_inputs) {
    for (std::int64_t row = 0; row < num_steps * num_samples; ++row) {
        const std::uint8_t* values = spikes + row * num_inputs;
        std::uint8_t seen = 0;
        for (std::int64_t i = 0; i < num_inputs; ++i) {
            seen = static_cast<std::uint8_t>(seen | values[i]);
        }
        for (std::int64_t i = 0; seen > 1 && i < num_inputs; ++i) {
            if (values[i] > 1) {
                throw std::invalid_argument("spikes is " + std::to_string(values[i]) + " at step " +
                                            std::to_string(row / num_samples) + ", " +
                                            index_text(row % num_samples, i) + ", expected 0 or 1");
            }
        }
    }
}

}  // namespace detail
}  // namespace pysnn
