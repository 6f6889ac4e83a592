#include "engine/cpu/block_runner.hpp"

#include <algorithm>

#include "engine/cpu/ops/membrane_pass.hpp"
#include "record/recording.hpp"

namespace pysnn::detail {
namespace {

constexpr std::int64_t kMaxSlots = 32;         // samples that share a pass over the weights
constexpr std::int64_t kStoppingBlock = 64;    // samples that take turns in them if some stop
constexpr std::int64_t kMinBaselineSteps = 8;  // a baseline is summed once for so many steps
constexpr std::int64_t kMaxBytes = 64 * 1024 * 1024;  // of spikes of a worker's slots

// Few where networks or potentials are large.
std::int64_t num_slots(const Job& job) {
    std::int64_t bytes = 1;
    for (std::size_t k = 0; k < job.plan->populations.size(); ++k) {
        const Layout& layout = job.plan->populations[k].layout;
        bytes += layout.num_words() * kMaxChunk * 8 + layout.padded() * 4;
        if (job.record_potentials[k] != 0 || job.record_balance[k] != 0 ||
            job.plan->populations[k].projections.size() > 1) {
            bytes += layout.padded() * kMaxChunk * 4;
        }
    }
    return std::clamp<std::int64_t>(kMaxBytes / bytes, 1, kMaxSlots);
}

}  // namespace

std::int64_t BlockRunner::block_size(const Job& job, int num_threads) {
    const std::int64_t most = job.stop_margin > 0 ? kStoppingBlock : num_slots(job);
    // Two blocks or more for each thread, so that none waits long for the others.
    return std::clamp<std::int64_t>(job.num_samples / (2 * num_threads), 1, most);
}

BlockRunner::BlockRunner(const Job& job)
    : job_(job),
      max_slots_(num_slots(job)),
      chunk_steps_(kMaxChunk),
      must_stop_([this] { return must_stop(); }) {
    if (job.stop_margin > 0) {
        chunk_steps_ = std::min(chunk_steps_, job.stop_interval);
    }
    const std::vector<PopulationPlan>& populations = job.plan->populations;
    is_fused_.assign(populations.size(), 0);
    for (std::size_t k = 0; k < populations.size(); ++k) {
        const std::int64_t pool = job.plan->pooled_by[k];
        const bool keeps_spikes = job.record_spikes[k] != 0 || job.record_counts[k] != 0;
        if (pool >= 0 && !keeps_spikes && !job.updates_apart(k)) {
            // A pool whose potentials are recorded has a buffer that its source may need, too.
            const auto p = static_cast<std::size_t>(pool);
            is_fused_[p] = job.record_potentials[k] == 0 && job.record_potentials[p] == 0 &&
                           !job.updates_apart(p);
        }
    }
}

void BlockRunner::run(std::int64_t first, std::int64_t count, bool is_caller) {
    is_caller_ = is_caller;
    next_sample_ = first;
    end_sample_ = first + count;
    active_.clear();
    for (std::size_t i = 0; i < static_cast<std::size_t>(std::min(count, max_slots_)); ++i) {
        if (slots_.size() <= i) {
            slots_.push_back(std::make_unique<SampleSlot>());
        }
        if (start_sample(*slots_[i])) {
            active_.push_back(slots_[i].get());
        }
    }
    while (!active_.empty()) {
        run_chunk();
        if (must_stop()) {
            return;
        }
        // Slots whose sample has ended go on with the next one.
        active_.erase(std::remove_if(active_.begin(), active_.end(),
                                     [&](SampleSlot* slot) {
                                         return !advance(*slot) && !start_sample(*slot);
                                     }),
                      active_.end());
    }
}

bool BlockRunner::must_stop() {
    if (is_caller_) {
        job_.watch->poll();
    }
    return job_.watch->stopped();
}

bool BlockRunner::start_sample(SampleSlot& slot) {
    if (next_sample_ == end_sample_ || job_.num_steps == 0) {
        return false;
    }
    slot.sample = next_sample_++;
    slot.chunk_begin = 0;
    slot.chunk_size = std::min(chunk_steps_, job_.num_steps);
    load_state(slot);
    if (job_.stop_margin > 0) {
        slot.output_counts.assign(static_cast<std::size_t>(job_.plan->num_neurons.back()), 0);
    }
    if (job_.has_constant_input()) {
        constant_current_.set(job_, slot);
    } else if (job_.x != nullptr) {
        Drawing drawing;
        drawing.encoding = job_.encoding;
        drawing.probability_scale = job_.probability_scale;
        drawing.seed = job_.seed;
        drawing.sample_id = job_.sample_ids == nullptr ? static_cast<std::uint64_t>(slot.sample)
                                                       : job_.sample_ids[slot.sample];
        drawing.use_baseline = job_.num_steps >= kMinBaselineSteps;
        slot.input.set_intensities(job_.x + slot.sample * job_.plan->input.num_neurons(),
                                   job_.plan->input, job_.plan->input_blocks, drawing);
    }
    return true;
}

// On to the sample's next chunk; false where it has ended.
bool BlockRunner::advance(SampleSlot& slot) {
    const std::int64_t end = slot.chunk_begin + slot.chunk_size;
    job_.watch->add(slot.chunk_size);
    bool is_done = end == job_.num_steps;
    if (job_.stop_margin > 0) {
        count_outputs(job_, slot, slot.output_counts.data());
        is_done =
            is_done || ((job_.first_step + end) % job_.stop_interval == 0 && is_decided(slot));
    }
    if (is_done) {
        job_.watch->add(job_.num_steps - end);
        job_.result->stopped_step[static_cast<std::size_t>(slot.sample)] = job_.first_step + end;
        store_state(slot);
        return false;
    }
    slot.chunk_begin = end;
    slot.chunk_size = std::min(chunk_steps_, job_.num_steps - end);
    if (job_.stop_margin > 0) {
        // Chunks end where samples may.
        const std::int64_t to_check =
            job_.stop_interval - (job_.first_step + end) % job_.stop_interval;
        slot.chunk_size = std::min(slot.chunk_size, to_check);
    }
    return true;
}

bool BlockRunner::is_decided(const SampleSlot& slot) const {
    std::uint32_t leader = 0;
    std::uint32_t runner_up = 0;
    for (const std::uint32_t count : slot.output_counts) {
        runner_up = std::max(runner_up, std::min(leader, count));
        leader = std::max(leader, count);
    }
    return static_cast<std::int64_t>(leader - runner_up) >= job_.stop_margin;
}

void BlockRunner::run_chunk() {
    for (SampleSlot* slot : active_) {
        take_inputs(*slot);
    }
    for (std::size_t population = 0; population < job_.plan->populations.size(); ++population) {
        run_population(population);
        if (must_stop()) {
            return;
        }
    }
}

void BlockRunner::load_state(SampleSlot& slot) {
    const std::vector<PopulationPlan>& populations = job_.plan->populations;
    slot.potential.resize(populations.size());
    slot.refractory_left.resize(populations.size());
    slot.spikes.resize(populations.size());
    slot.num_spikes.resize(populations.size());
    slot.base.resize(populations.size());
    slot.base_int16.resize(populations.size());
    for (std::size_t k = 0; k < populations.size(); ++k) {
        const auto padded = static_cast<std::size_t>(populations[k].layout.padded());
        const auto row = static_cast<std::size_t>(slot.sample) * padded;
        slot.potential[k].reserve(padded);
        const float* potential = job_.before == nullptr ? populations[k].initial_potential.data()
                                                        : job_.before->potential[k].data() + row;
        std::copy(potential, potential + padded, slot.potential[k].data());
        if (job_.refractory_steps[k] > 0.0F) {
            slot.refractory_left[k].reserve(padded);
            if (job_.before == nullptr) {
                std::fill_n(slot.refractory_left[k].data(), padded, 0.0F);
            } else {
                std::copy_n(job_.before->refractory_left[k].data() + row, padded,
                            slot.refractory_left[k].data());
            }
        }
    }
}

void BlockRunner::store_state(const SampleSlot& slot) {
    if (job_.after == nullptr) {
        return;
    }
    for (std::size_t k = 0; k < slot.potential.size(); ++k) {
        const auto padded = static_cast<std::size_t>(job_.plan->populations[k].layout.padded());
        const auto row = static_cast<std::size_t>(slot.sample) * padded;
        std::copy_n(slot.potential[k].data(), padded, job_.after->potential[k].data() + row);
        if (job_.refractory_steps[k] > 0.0F) {
            std::copy_n(slot.refractory_left[k].data(), padded,
                        job_.after->refractory_left[k].data() + row);
        }
    }
}

void BlockRunner::take_inputs(SampleSlot& slot) {
    const Plan& plan = *job_.plan;
    if (job_.has_constant_input()) {
        return;
    }
    if (job_.x != nullptr) {
        slot.input.draw(job_.first_step + slot.chunk_begin, slot.chunk_size);
    } else {
        const std::int64_t num_inputs = plan.input.num_neurons();
        const std::int64_t step_stride = job_.num_samples * num_inputs;
        slot.input.set_spikes(
            job_.spikes + slot.chunk_begin * step_stride + slot.sample * num_inputs, step_stride,
            slot.chunk_size, plan.input, plan.input_blocks,
            plan.lists_input && slot.chunk_size >= kMinBaselineSteps);
    }
    if (plan.spreads_input) {
        slot.input_words.reserve(static_cast<std::size_t>(plan.input.num_words() * kMaxChunk));
        slot.input.spread(plan.input, kMaxChunk, slot.input_words.data());
    }
    job_.result->input_spikes[static_cast<std::size_t>(slot.sample)] += slot.input.num_spikes();
}

void BlockRunner::run_population(std::size_t population) {
    const PopulationPlan& plan = job_.plan->populations[population];
    if (is_fused_[population] != 0) {
        // Its spikes are there already.
        for (SampleSlot* slot : active_) {
            count_operations(Pass(job_, population, 0), *slot);
            finish_population(population, *slot);
        }
        return;
    }
    const bool records_potentials = job_.record_potentials[population] != 0;
    const std::int64_t pool = job_.plan->pooled_by[population];
    const bool fuses = pool >= 0 && is_fused_[static_cast<std::size_t>(pool)] != 0;
    for (SampleSlot* slot : active_) {
        if (fuses) {
            // Nothing but the pool reads the spikes, which are never merged into rows.
            const auto k = static_cast<std::size_t>(pool);
            slot->num_spikes[population] = 0;
            slot->clear_spikes(k, job_.plan->populations[k].layout);
        } else {
            slot->clear_spikes(population, plan.layout);
        }
        const auto chunk = static_cast<std::size_t>(kMaxChunk * plan.layout.padded());
        const bool waits = plan.projections.size() > 1 || job_.updates_apart(population);
        slot->carry.reserve(waits ? chunk : 0);
        slot->potentials.reserve(records_potentials ? chunk : 0);
    }
    for (std::size_t projection = job_.first_projection(population);
         projection < plan.projections.size(); ++projection) {
        const Pass pass(job_, population, projection);
        run_pass(pass, fuses ? pool : -1);
        if (must_stop()) {
            return;
        }
        for (SampleSlot* slot : active_) {
            count_operations(pass, *slot);
        }
    }
    for (SampleSlot* slot : active_) {
        if (job_.updates_apart(population)) {
            run_membranes(job_, population, *slot);
        }
        finish_population(population, *slot);
    }
}

void BlockRunner::run_pass(const Pass& pass, std::int64_t pool) {
    switch (pass.projection.kind) {
        case ProjectionKind::Linear:
            linear_.run(pass, active_, must_stop_);
            break;
        case ProjectionKind::Conv:
            if (pool >= 0) {
                const Pass pool_pass(job_, static_cast<std::size_t>(pool), 0);
                conv_.run(pass, &pool_pass, active_, must_stop_);
            } else {
                conv_.run(pass, nullptr, active_, must_stop_);
            }
            break;
        case ProjectionKind::Pool:
            for (SampleSlot* slot : active_) {
                pool_.run(pass, *slot);
                if (must_stop()) {
                    return;
                }
            }
            break;
    }
}

void BlockRunner::count_operations(const Pass& pass, const SampleSlot& slot) {
    const int from = pass.projection.source;
    const FanOut& fan_out = pass.projection.fan_out;
    std::int64_t operations = fan_out.uniform * slot.spikes_of(from);
    if (fan_out.uniform == 0) {
        const Layout& source =
            from == 0 ? job_.plan->input
                      : job_.plan->populations[static_cast<std::size_t>(from - 1)].layout;
        const std::uint64_t* words = slot.words_of(from);
        for (std::int64_t word = 0; word < source.num_words(); ++word) {
            const std::int64_t row = word / source.words_per_row;
            std::int64_t positions = 0;
            for (std::int64_t digit = 0; digit < fan_out.num_planes; ++digit) {
                const std::uint64_t plane = fan_out.planes[static_cast<std::size_t>(
                    digit * source.words_per_row + word % source.words_per_row)];
                positions +=
                    kernels().words.count_bits(words + word * kMaxChunk, slot.chunk_size, plane)
                    << digit;
            }
            operations += positions * fan_out.rows[static_cast<std::size_t>(row)];
        }
        operations *= fan_out.per_position;
    }
    job_.result->synaptic_operations[result_index(pass.population, slot)] += operations;
}

std::size_t BlockRunner::result_index(std::size_t population, const SampleSlot& slot) const {
    return static_cast<std::size_t>(slot.sample) * job_.plan->populations.size() + population;
}

void BlockRunner::finish_population(std::size_t population, const SampleSlot& slot) {
    job_.result->spikes[result_index(population, slot)] += slot.num_spikes[population];
    record_population(job_, population, slot);
    if (population + 1 == job_.plan->populations.size()) {
        pack_outputs(job_, slot);
    }
}

}  // namespace pysnn::detail
