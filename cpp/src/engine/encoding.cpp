// Thresholds, phases and currents of intensities, and the checks of their ranges.

#include "engine/encoding.hpp"

#include <cmath>
#include <pysnn/input.hpp>
#include <stdexcept>
#include <string>

#include "base/array.hpp"
#include "base/text.hpp"
#include "engine/input_map.hpp"

namespace pysnn {

namespace detail {
namespace {

constexpr double kTwoTo32 = 4294967296.0;

std::string index_text(std::int64_t sample, std::int64_t input) {
    return "[" + std::to_string(sample) + ", " + std::to_string(input) + "]";
}

}  // namespace

std::uint64_t spike_threshold(double x, double probability_scale) {
    return static_cast<std::uint64_t>(std::nearbyint(x * probability_scale * kTwoTo32));
}

std::uint64_t regular_phase(std::uint64_t input) {
    constexpr std::uint64_t kHalf = std::uint64_t{1} << 31;
    constexpr std::uint64_t kGoldenRatio = 0x9E3779B9;  // 2^32 / 1.618..., odd
    return (kHalf + input * kGoldenRatio) & 0xFFFFFFFFU;
}

double current_units(double x, double probability_scale) {
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

void check_intensities(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                       bool is_signed, const char* advice) {
    const float least = is_signed ? -1.0F : 0.0F;
    for (std::int64_t sample = 0; sample < num_samples; ++sample) {
        const float* row = x + sample * num_inputs;
        bool bad = false;
        for (std::int64_t i = 0; i < num_inputs; ++i) {
            bad |= !(row[i] >= least && row[i] <= 1.0F);
        }
        for (std::int64_t i = 0; bad && i < num_inputs; ++i) {
            if (!(row[i] >= least && row[i] <= 1.0F)) {
                throw std::invalid_argument("x is " + to_text(row[i]) + " at " +
                                            index_text(sample, i) + ", expected values in [" +
                                            to_text(least) + ", 1]; " + advice);
            }
        }
    }
}

void check_intensities(const float* x, std::int64_t num_samples,
                       const SpikingNetworkDescription& network) {
    const InputMap map(network);
    const InputRange& input = map.range();
    if (map.is_plain()) {
        check_intensities(x, num_samples, map.num_inputs(), false,
                          "scale x, or clip what rounding has left outside; a network whose "
                          "input_scale is given takes other numbers");
        return;
    }
    const double least = input.is_signed ? -input.scale : 0.0;
    const auto is_good = [&](double value) { return value >= least && value <= input.scale; };
    for (std::int64_t sample = 0; sample < num_samples; ++sample) {
        const float* row = x + sample * map.num_inputs();
        bool bad = false;
        map.for_each(row, [&](std::int64_t, double value) { bad |= !is_good(value); });
        if (!bad) {
            continue;
        }
        map.for_each(row, [&](std::int64_t i, double value) {
            if (!is_good(value)) {
                throw std::invalid_argument(
                    "x is " + to_text(row[i]) + " at " + index_text(sample, i) +
                    (input.affine_scale.empty()
                         ? ""
                         : ", of which input_affine makes " + to_rounded_text(value)) +
                    ", expected values in [" + to_text(least) + ", " + to_text(input.scale) +
                    "], as input_scale is " + to_text(input.scale));
            }
        });
    }
}

namespace {

// Whole rows first, which is fast where all is well.
template <typename Spike, typename IsGood>
void check_each_spike(const Spike* spikes, std::int64_t num_steps, std::int64_t num_samples,
                      std::int64_t num_inputs, IsGood is_good, const char* expected) {
    for (std::int64_t row = 0; row < num_steps * num_samples; ++row) {
        const Spike* values = spikes + row * num_inputs;
        bool bad = false;
        for (std::int64_t i = 0; i < num_inputs; ++i) {
            bad |= !is_good(values[i]);
        }
        for (std::int64_t i = 0; bad && i < num_inputs; ++i) {
            if (!is_good(values[i])) {
                throw std::invalid_argument("spikes is " + std::to_string(values[i]) + " at step " +
                                            std::to_string(row / num_samples) + ", " +
                                            index_text(row % num_samples, i) + ", expected " +
                                            expected);
            }
        }
    }
}

}  // namespace

void check_spikes(const std::uint8_t* spikes, std::int64_t num_steps, std::int64_t num_samples,
                  std::int64_t num_inputs) {
    check_each_spike(
        spikes, num_steps, num_samples, num_inputs, [](std::uint8_t value) { return value <= 1; },
        "0 or 1");
}

void check_spikes(const std::int8_t* spikes, std::int64_t num_steps, std::int64_t num_samples,
                  std::int64_t num_inputs, bool is_signed) {
    if (is_signed) {
        check_each_spike(
            spikes, num_steps, num_samples, num_inputs,
            [](std::int8_t value) { return value >= -1 && value <= 1; }, "-1, 0 or 1");
    } else {
        check_each_spike(
            spikes, num_steps, num_samples, num_inputs,
            [](std::int8_t value) { return value == 0 || value == 1; },
            "0 or 1; a network whose input_scale is given takes -1 as well");
    }
}

}  // namespace detail
}  // namespace pysnn
