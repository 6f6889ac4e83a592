// Squared errors of values in whole steps, for many scales of each channel.

#include <algorithm>
#include <pysnn/calibration.hpp>
#include <stdexcept>
#include <string>

#include "base/array.hpp"
#include "calibration/ordered_sums.hpp"
#include "calibration/reading_observer.hpp"
#include "calibration/readings.hpp"
#include "forward/kernels/kernels.hpp"

namespace pysnn {
namespace detail {
namespace {

constexpr std::int64_t kMostSteps = std::int64_t{1} << 30;

std::int64_t padded(std::int64_t count) {
    return (count + Quantizers::kAtATime - 1) / Quantizers::kAtATime * Quantizers::kAtATime;
}

/// Quantizers of all channels of all readings; those that only fill vectors repeat the last.
struct Tables {
    Tables(const std::vector<Reading>& readings, std::int64_t num_steps)
        : offsets(readings, [](const Reading& each) { return padded(candidates(each)); }),
          most(static_cast<double>(num_steps)) {
        for (const Reading& reading : readings) {
            const std::int64_t count = candidates(reading);
            for (std::int64_t channel = 0; channel < reading.channels; ++channel) {
                for (std::int64_t i = 0; i < padded(count); ++i) {
                    const double scale =
                        reading.scales.data()[channel * count + std::min(i, count - 1)];
                    per_step.push_back(most / scale);
                    step.push_back(scale / most);
                }
            }
        }
    }

    static std::int64_t candidates(const Reading& reading) {
        return size_of(reading.scales) / reading.channels;
    }

    Offsets offsets;
    double most;
    std::vector<double> per_step;
    std::vector<double> step;
};

class ErrorsObserver final : public ReadingObserver {
  public:
    ErrorsObserver(const PackedNetwork& network, const std::vector<Reading>& readings,
                   const Tables& tables, OrderedSums& total)
        : ReadingObserver(network, readings),
          tables_(tables),
          total_(total),
          block_(to_size(tables.offsets.total), 0.0) {}

    void end_block(std::int64_t block) override {
        total_.add(block, block_);
        std::fill(block_.begin(), block_.end(), 0.0);
    }

  private:
    void look(std::int64_t reading, std::int64_t channel, const float* values,
              std::int64_t positions, std::int64_t num_samples) override {
        const ForwardKernels& kernels = forward_kernels();
        const Reading& asked = readings().data()[reading];
        const std::int64_t count = padded(Tables::candidates(asked));
        const std::int64_t first = tables_.offsets.of(reading) + channel * count;
        const Quantizers quantizers{tables_.per_step.data() + first, tables_.step.data() + first,
                                    count, asked.shift, tables_.most};
        // A 0 that stays 0 adds nothing to a sum.
        const bool skip_zeros = asked.shift < 1.0;
        double* block = block_.data() + first;
        for (std::int64_t lane = 0; lane < num_samples; ++lane) {
            sample_.clear();
            for (std::int64_t i = 0; i < positions; ++i) {
                const float value = values[i * kernels.lanes + lane];
                if (value != 0.0F || !skip_zeros) {
                    sample_.push_back(value);
                }
            }
            sums_.assign(to_size(count), 0.0);
            kernels.squared_errors(sample_.data(), size_of(sample_), quantizers, sums_.data());
            for (std::int64_t i = 0; i < count; ++i) {
                block[i] += sums_.data()[i];
            }
        }
    }

    const Tables& tables_;
    OrderedSums& total_;
    std::vector<double> block_;
    std::vector<double> sample_;  // values of one channel of one sample
    std::vector<double> sums_;    // of their errors
};

void check_scales(const std::vector<Reading>& readings, std::int64_t num_steps) {
    if (num_steps < 1 || num_steps > kMostSteps) {
        throw std::invalid_argument("num_steps is " + std::to_string(num_steps) +
                                    ", expected a number between 1 and 2^30");
    }
    for (const Reading& reading : readings) {
        if (reading.scales.empty() || size_of(reading.scales) % reading.channels != 0) {
            throw std::invalid_argument("a reading of " + std::to_string(reading.channels) +
                                        " channels has " + std::to_string(reading.scales.size()) +
                                        " scales, expected as many for each channel");
        }
        for (const double scale : reading.scales) {
            if (!(scale > 0.0)) {
                throw std::invalid_argument("a reading has the scale " + std::to_string(scale) +
                                            ", expected one above 0");
            }
        }
    }
}

}  // namespace
}  // namespace detail

std::vector<std::vector<double>> Calibration::squared_errors(const float* x,
                                                             std::int64_t num_samples,
                                                             const std::vector<Reading>& readings,
                                                             std::int64_t num_steps,
                                                             const ForwardOptions& options) const {
    detail::check_readings(*packed_, readings);
    detail::check_scales(readings, num_steps);
    const detail::Tables tables(readings, num_steps);
    detail::OrderedSums total(tables.offsets.total);
    detail::observe(*packed_, x, num_samples, readings, options, [&] {
        return std::make_unique<detail::ErrorsObserver>(*packed_, readings, tables, total);
    });
    std::vector<std::vector<double>> errors;
    std::int64_t index = 0;
    for (const std::vector<double>& padded : tables.offsets.split(total.total())) {
        const Reading& reading = readings.data()[index++];
        const std::int64_t count = detail::Tables::candidates(reading);
        const std::int64_t stride = detail::padded(count);
        std::vector<double>& own = errors.emplace_back();
        for (std::int64_t channel = 0; channel < reading.channels; ++channel) {
            const double* first = padded.data() + channel * stride;
            own.insert(own.end(), first, first + count);
        }
    }
    return errors;
}

}  // namespace pysnn
