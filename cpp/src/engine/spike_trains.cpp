// Spike trains from intensities, as the simulation has them.

#include <algorithm>
#include <functional>
#include <pysnn/poisson.hpp>
#include <pysnn/regular.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/parallel.hpp"
#include "base/watch.hpp"
#include "engine/cpu/input/input_spikes.hpp"
#include "engine/encoding.hpp"

namespace pysnn {
namespace {

// Which trains, and where they go.
struct Request {
    const float* x = nullptr;
    std::int64_t num_samples = 0;
    std::int64_t num_inputs = 0;
    std::int64_t first_step = 0;
    std::int64_t num_steps = 0;
    detail::Drawing drawing;                    // sample_id is not read
    const std::uint64_t* sample_ids = nullptr;  // null: row numbers
    std::uint8_t* spikes = nullptr;
};

void check_steps(const Request& request) {
    if (request.num_samples < 0 || request.num_steps < 0) {
        throw std::invalid_argument("num_samples and num_steps must not be negative");
    }
    if (request.first_step < 0 || request.first_step > detail::kMaxSteps - request.num_steps) {
        throw std::invalid_argument("first_step is " + std::to_string(request.first_step) +
                                    ", expected at least 0, and an end of at most step 2^34");
    }
}

// Writes steps [begin, begin + count) of a sample, whose spikes are bits of `words`.
void write_steps(const Request& request, std::int64_t sample, std::int64_t begin,
                 std::int64_t count, const std::vector<std::uint64_t>& words) {
    for (std::int64_t step = 0; step < count; ++step) {
        std::uint8_t* row =
            request.spikes + ((begin + step) * request.num_samples + sample) * request.num_inputs;
        for (std::int64_t i = 0; i < request.num_inputs; ++i) {
            const std::uint64_t word =
                words[static_cast<std::size_t>(i / detail::kMaskBits * detail::kMaxChunk + step)];
            row[i] = static_cast<std::uint8_t>(word >> (i % detail::kMaskBits) & 1U);
        }
    }
}

void make_trains(const Request& request, int num_threads,
                 const std::function<bool()>& should_stop) {
    const int threads = detail::resolve_num_threads(num_threads);
    check_steps(request);
    detail::check_intensities(request.x, request.num_samples, request.num_inputs);
    const detail::Layout layout({request.num_inputs}, 1);
    const std::vector<detail::LinearBlock> blocks = detail::linear_blocks(layout);
    const std::function<void(double)> no_progress;
    detail::Watch watch(no_progress, should_stop, 0.0);
    const auto body = [&](std::int64_t sample, detail::Worker worker) {
        if (watch.stopped()) {
            return;
        }
        detail::Drawing drawing = request.drawing;
        drawing.sample_id = request.sample_ids == nullptr ? static_cast<std::uint64_t>(sample)
                                                          : request.sample_ids[sample];
        detail::InputSpikes input;
        input.set_intensities(request.x + sample * request.num_inputs, layout, blocks, drawing);
        std::vector<std::uint64_t> words(
            static_cast<std::size_t>(layout.num_words() * detail::kMaxChunk));
        for (std::int64_t begin = 0; begin < request.num_steps && !watch.stopped();
             begin += detail::kMaxChunk) {
            const std::int64_t count = std::min(detail::kMaxChunk, request.num_steps - begin);
            input.draw(request.first_step + begin, count);
            input.spread(layout, detail::kMaxChunk, words.data());
            write_steps(request, sample, begin, count, words);
            if (worker.is_caller) {
                watch.poll();
            }
        }
    };
    detail::parallel_for(request.num_samples, threads, [&] { watch.poll(); }, body);
    watch.finish();
}

}  // namespace

void poisson_spikes(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                    std::int64_t num_steps, const PoissonOptions& options, std::uint8_t* spikes) {
    Request request{x, num_samples, num_inputs, options.first_step, num_steps, {}, nullptr, spikes};
    request.drawing.probability_scale =
        detail::checked_probability_scale(options.dt, options.max_rate);
    request.drawing.seed = options.seed;
    if (!options.sample_ids.empty()) {
        if (static_cast<std::int64_t>(options.sample_ids.size()) != num_samples) {
            throw std::invalid_argument(
                "sample_ids has " + std::to_string(options.sample_ids.size()) +
                " values, but x has " + std::to_string(num_samples) + " samples");
        }
        request.sample_ids = options.sample_ids.data();
    }
    make_trains(request, options.num_threads, options.should_stop);
}

void regular_spikes(const float* x, std::int64_t num_samples, std::int64_t num_inputs,
                    std::int64_t num_steps, const RegularOptions& options, std::uint8_t* spikes) {
    Request request{x, num_samples, num_inputs, options.first_step, num_steps, {}, nullptr, spikes};
    request.drawing.encoding = Encoding::Regular;
    request.drawing.probability_scale =
        detail::checked_probability_scale(options.dt, options.max_rate);
    make_trains(request, options.num_threads, options.should_stop);
}

}  // namespace pysnn
