#include "encoding.hpp"

#include <cmath>
#include <pysnn/poisson.hpp>
#include <stdexcept>
#include <string>

#include "input_spikes.hpp"
#include "parallel.hpp"
#include "watch.hpp"

namespace pysnn {
namespace detail {

namespace {

constexpr double kTwoTo32 = 4294967296.0;

std::string index_text(std::int64_t sample, std::int64_t input) {
    return "[" + std::to_string(sample) + ", " + std::to_string(input) + "]";
}

}  // namespace

std::uint64_t spike_threshold(float x, double probability_scale) {
    return static_cast<std::uint64_t>(
        std::nearbyint(static_cast<double>(x) * probability_scale * kTwoTo32));
}

void check_dt(double dt) {
    if (!std::isfinite(dt) || dt <= 0.0) {
        throw std::invalid_argument("dt is " + std::to_string(dt) +
                                    " s, expected a finite value above 0");
    }
}

double checked_probability_scale(double dt, double max_rate) {
    check_dt(dt);
    if (!std::isfinite(max_rate) || max_rate < 0.0) {
        throw std::invalid_argument("max_rate is " + std::to_string(max_rate) +
                                    " Hz, expected a finite value of at least 0");
    }
    const double scale = max_rate * dt;
    if (scale > 1.0) {
        throw std::invalid_argument(
            "max_rate * dt is " + std::to_string(scale) +
            ", but a neuron spikes at most once per step; expected at most 1");
    }
    return scale;
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
                throw std::invalid_argument("x is " + std::to_string(row[i]) + " at " +
                                            index_text(sample, i) + ", expected values in [0, 1]");
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

void poisson_spikes(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                    std::int64_t num_steps, const PoissonOptions& options, std::uint8_t* spikes) {
    const double scale = detail::checked_probability_scale(options.dt, options.max_rate);
    const int num_threads = detail::resolve_num_threads(options.num_threads);
    if (num_samples < 0 || num_steps < 0) {
        throw std::invalid_argument("num_samples and num_steps must not be negative");
    }
    if (options.first_step < 0 || options.first_step > detail::kMaxSteps - num_steps) {
        throw std::invalid_argument("first_step is " + std::to_string(options.first_step) +
                                    ", expected at least 0, and an end of at most step 2^34");
    }
    if (!options.sample_ids.empty() &&
        static_cast<std::int64_t>(options.sample_ids.size()) != num_samples) {
        throw std::invalid_argument("sample_ids has " + std::to_string(options.sample_ids.size()) +
                                    " values, but x has " + std::to_string(num_samples) +
                                    " samples");
    }
    const detail::Layout layout({num_inputs}, 1);
    const std::vector<detail::LinearBlock> blocks = detail::linear_blocks(layout);
    detail::check_intensities(x, num_samples, num_inputs);
    const std::function<void(double)> no_progress;
    detail::Watch watch(no_progress, options.should_stop, 0.0);
    const auto body = [&](std::int64_t sample, detail::Worker worker) {
        if (watch.stopped()) {
            return;
        }
        const std::uint64_t id = options.sample_ids.empty()
                                     ? static_cast<std::uint64_t>(sample)
                                     : options.sample_ids[static_cast<std::size_t>(sample)];
        detail::InputSpikes input;
        input.set_intensities(x + sample * num_inputs, layout, blocks, scale, options.seed, id,
                              false);
        std::vector<std::uint64_t> words(
            static_cast<std::size_t>(layout.num_words() * detail::kMaxChunk));
        for (std::int64_t begin = 0; begin < num_steps && !watch.stopped();
             begin += detail::kMaxChunk) {
            const std::int64_t count = std::min(detail::kMaxChunk, num_steps - begin);
            input.draw(options.first_step + begin, count);
            input.spread(layout, detail::kMaxChunk, words.data());
            for (std::int64_t step = 0; step < count; ++step) {
                std::uint8_t* row = spikes + ((begin + step) * num_samples + sample) * num_inputs;
                for (std::int64_t i = 0; i < num_inputs; ++i) {
                    const std::uint64_t word = words[static_cast<std::size_t>(
                        i / detail::kMaskBits * detail::kMaxChunk + step)];
                    row[i] = static_cast<std::uint8_t>(word >> (i % detail::kMaskBits) & 1U);
                }
            }
            if (worker.is_caller) {
                watch.poll();
            }
        }
    };
    detail::parallel_for(num_samples, num_threads, [&] { watch.poll(); }, body);
    watch.finish();
}

}  // namespace pysnn
