#include "encoding.hpp"

#include <cmath>
#include <cstring>
#include <pysnn/poisson.hpp>
#include <stdexcept>
#include <string>

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

void PoissonEncoder::set_sample(const float* x, const NeuronOrder& order, double probability_scale,
                                std::uint64_t seed, std::uint64_t sample_id) {
    seed_ = seed;
    sample_id_ = sample_id;
    inputs_.clear();
    thresholds_.clear();
    ids_.clear();
    always_.clear();
    for (std::int64_t input = 0; input < order.num_neurons; ++input) {
        if (x[input] == 0.0F) {
            continue;
        }
        const std::uint64_t threshold = spike_threshold(x[input], probability_scale);
        const auto id = static_cast<std::uint32_t>(order.internal(input));
        if (threshold >> 32 != 0) {
            always_.push_back(id);
        } else if (threshold != 0) {
            inputs_.push_back(static_cast<std::uint64_t>(input));
            thresholds_.push_back(threshold);
            ids_.push_back(id);
        }
    }
    const std::size_t padded = (inputs_.size() + 63) / 64 * 64;
    inputs_.resize(padded, 0);
    thresholds_.resize(padded, 0);
    ids_.resize(padded, 0);
    masks_.resize(padded / 64 * 4);
}

void PoissonEncoder::encode(std::int64_t first_step, std::int64_t num_steps, EventList& events) {
    const auto poisson = kernels().poisson;
    const std::int64_t end = first_step + num_steps;
    PoissonArguments arguments;
    arguments.seed = seed_;
    arguments.sample_id = sample_id_;
    events.clear();
    for (std::int64_t quad = first_step / 4; quad * 4 < end; ++quad) {
        arguments.quad = static_cast<std::uint32_t>(quad);
        for (std::size_t i = 0; i < inputs_.size(); i += 64) {
            arguments.inputs = inputs_.data() + i;
            arguments.thresholds = thresholds_.data() + i;
            poisson(arguments, masks_.data() + i / 64 * 4);
        }
        for (std::int64_t step = std::max(quad * 4, first_step); step < std::min(quad * 4 + 4, end);
             ++step) {
            events.append(always_);
            for (std::size_t i = 0; i < inputs_.size(); i += 64) {
                events.append_bits(masks_[i / 64 * 4 + static_cast<std::size_t>(step % 4)],
                                   ids_.data() + i);
            }
            events.end_step();
        }
    }
}

void list_spikes(const std::uint8_t* spikes, std::int64_t step_stride, std::int64_t num_steps,
                 const NeuronOrder& order, EventList& events) {
    events.clear();
    for (std::int64_t step = 0; step < num_steps; ++step) {
        const std::uint8_t* values = spikes + step * step_stride;
        std::int64_t i = 0;
        const auto take = [&](std::int64_t input) {
            if (values[input] != 0) {
                events.append(static_cast<std::uint32_t>(order.internal(input)));
            }
        };
        for (; i + 8 <= order.num_neurons; i += 8) {
            std::uint64_t eight = 0;
            std::memcpy(&eight, values + i, 8);
            for (std::int64_t k = 0; eight != 0 && k < 8; ++k) {
                take(i + k);
            }
        }
        for (; i < order.num_neurons; ++i) {
            take(i);
        }
        events.end_step();
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
    const detail::NeuronOrder order({num_inputs});
    detail::check_intensities(x, num_samples, num_inputs);
    const std::function<void(double)> no_progress;
    detail::Watch watch(no_progress, options.should_stop, 0.0);
    const auto body = [&](std::int64_t sample, detail::Worker worker) {
        if (watch.stopped()) {
            return;
        }
        constexpr std::int64_t kChunk = 128;
        detail::PoissonEncoder encoder;
        detail::EventList events;
        const std::uint64_t id = options.sample_ids.empty()
                                     ? static_cast<std::uint64_t>(sample)
                                     : options.sample_ids[static_cast<std::size_t>(sample)];
        encoder.set_sample(x + sample * num_inputs, order, scale, options.seed, id);
        for (std::int64_t begin = 0; begin < num_steps && !watch.stopped(); begin += kChunk) {
            const std::int64_t count = std::min(kChunk, num_steps - begin);
            encoder.encode(options.first_step + begin, count, events);
            for (std::int64_t step = 0; step < count; ++step) {
                std::uint8_t* row = spikes + ((begin + step) * num_samples + sample) * num_inputs;
                std::memset(row, 0, static_cast<std::size_t>(num_inputs));
                for (const std::uint32_t* event = events.begin(step); event != events.end(step);
                     ++event) {
                    row[*event] = 1;
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
