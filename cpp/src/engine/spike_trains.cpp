// Spike trains from intensities, as the simulation has them.

#include <algorithm>
#include <functional>
#include <pysnn/input.hpp>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "base/watch.hpp"
#include "engine/cpu/input/input_spikes.hpp"
#include "engine/encoding.hpp"
#include "platform/float_mode.hpp"
#include "platform/parallel.hpp"

namespace pysnn {
namespace {

// Which trains, and where they go.
template <typename Spike>
struct Request {
    static constexpr bool kIsSigned = std::is_signed_v<Spike>;

    const float* x = nullptr;
    std::int64_t num_samples = 0;
    std::int64_t num_inputs = 0;
    std::int64_t num_steps = 0;
    Encoding encoding = Encoding::Poisson;
    const SpikeTrainOptions& options;
    Spike* spikes = nullptr;
};

template <typename Spike>
void check(const Request<Spike>& request) {
    if (request.num_samples < 0 || request.num_steps < 0) {
        throw std::invalid_argument("num_samples and num_steps must not be negative");
    }
    const std::int64_t first_step = request.options.first_step;
    if (first_step < 0 || first_step > detail::kMaxSteps - request.num_steps) {
        throw std::invalid_argument("first_step is " + std::to_string(first_step) +
                                    ", expected at least 0, and an end of at most step 2^34");
    }
    if (request.encoding == Encoding::Poisson) {
        detail::check_sample_ids(request.options.sample_ids, request.num_samples);
    }
    detail::check_intensities(request.x, request.num_samples, request.num_inputs,
                              Request<Spike>::kIsSigned,
                              "scale x, or clip what rounding has left outside");
}

// Writes steps [begin, begin + count) of a sample, whose spikes are bits of `words`.
template <typename Spike>
void write_steps(const Request<Spike>& request, std::int64_t sample, std::int64_t begin,
                 std::int64_t count, const detail::Layout& layout,
                 const detail::Array<std::uint64_t>& words) {
    const auto bit_at = [&](std::int64_t bit, std::int64_t step) {
        return static_cast<int>(words[bit / detail::kMaskBits * detail::kMaxChunk + step] >>
                                    (bit % detail::kMaskBits) &
                                1U);
    };
    for (std::int64_t step = 0; step < count; ++step) {
        Spike* row =
            request.spikes + ((begin + step) * request.num_samples + sample) * request.num_inputs;
        for (std::int64_t i = 0; i < request.num_inputs; ++i) {
            const int negative = Request<Spike>::kIsSigned ? bit_at(layout.sign_bits + i, step) : 0;
            row[i] = static_cast<Spike>(bit_at(i, step) - negative);
        }
    }
}

template <typename Spike>
void make_trains(const Request<Spike>& request) {
    const detail::FloatMode mode;
    const SpikeTrainOptions& options = request.options;
    detail::Drawing of_all;
    of_all.encoding = request.encoding;
    of_all.probability_scale = detail::checked_probability_scale(options.dt, options.max_rate);
    of_all.seed = options.seed;
    const int num_threads = detail::resolve_num_threads(options.num_threads);
    check(request);
    const detail::Layout layout({request.num_inputs}, 1, Request<Spike>::kIsSigned);
    const detail::Array<detail::LinearBlock> blocks = detail::linear_blocks(layout);
    const std::function<void(double)> no_progress;
    detail::Watch watch(no_progress, options.should_stop, 0.0);
    const auto body = [&](std::int64_t sample, detail::Worker worker) {
        if (watch.stopped()) {
            return;
        }
        detail::Drawing drawing = of_all;
        drawing.sample_id = detail::sample_id(options.sample_ids, sample);
        detail::InputSpikes input;
        const float* x = request.x + sample * request.num_inputs;
        const std::vector<double> numbers(x, x + request.num_inputs);
        input.set_intensities(numbers.data(), layout, blocks, drawing);
        detail::Array<std::uint64_t> words(layout.num_words() * detail::kMaxChunk);
        for (std::int64_t begin = 0; begin < request.num_steps && !watch.stopped();
             begin += detail::kMaxChunk) {
            const std::int64_t count = std::min(detail::kMaxChunk, request.num_steps - begin);
            input.draw(options.first_step + begin, count);
            input.write_words(layout, detail::kMaxChunk, words.data());
            write_steps(request, sample, begin, count, layout, words);
            if (worker.is_caller) {
                watch.poll();
            }
        }
    };
    detail::parallel_for(request.num_samples, num_threads, [&] { watch.poll(); }, body);
    watch.finish();
}

}  // namespace

void poisson_spikes(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                    std::int64_t num_steps, const SpikeTrainOptions& options,
                    std::uint8_t* spikes) {
    make_trains<std::uint8_t>(
        {x, num_samples, num_inputs, num_steps, Encoding::Poisson, options, spikes});
}

void regular_spikes(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                    std::int64_t num_steps, const SpikeTrainOptions& options,
                    std::uint8_t* spikes) {
    make_trains<std::uint8_t>(
        {x, num_samples, num_inputs, num_steps, Encoding::Regular, options, spikes});
}

void poisson_spikes(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                    std::int64_t num_steps, const SpikeTrainOptions& options, std::int8_t* spikes) {
    make_trains<std::int8_t>(
        {x, num_samples, num_inputs, num_steps, Encoding::Poisson, options, spikes});
}

void regular_spikes(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                    std::int64_t num_steps, const SpikeTrainOptions& options, std::int8_t* spikes) {
    make_trains<std::int8_t>(
        {x, num_samples, num_inputs, num_steps, Encoding::Regular, options, spikes});
}

}  // namespace pysnn
