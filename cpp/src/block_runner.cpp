#include "block_runner.hpp"

#include <algorithm>

#include "kernels/kernels.hpp"

namespace pysnn::detail {
namespace {

constexpr std::int64_t kMaxBlock = 8;            // samples that share a pass over the weights
constexpr std::int64_t kMaxChunk = 128;          // steps
constexpr std::int64_t kChunkNeurons = 1 << 18;  // neurons times steps of a chunk

bool any(const std::vector<char>& flags) {
    return std::find(flags.begin(), flags.end(), char{1}) != flags.end();
}

std::int64_t chunk_steps(const Job& job) {
    // A multiple of 4, as the generator draws four steps at a time.
    const std::int64_t steps =
        std::clamp<std::int64_t>(kChunkNeurons / job.plan->largest_padded, 4, kMaxChunk);
    return std::min(steps / 4 * 4, std::max<std::int64_t>(job.num_steps, 1));
}

}  // namespace

std::int64_t BlockRunner::block_size(const Job& job, int num_threads) {
    if (any(job.record_potentials)) {
        return 1;  // their chunk is the largest array there is
    }
    return std::clamp<std::int64_t>(job.num_samples / (4 * num_threads), 1, kMaxBlock);
}

BlockRunner::BlockRunner(const Job& job) : job_(job), chunk_steps_(chunk_steps(job)) {}

void BlockRunner::run(std::int64_t first, std::int64_t count, bool is_caller) {
    const std::size_t num_populations = job_.plan->populations.size();
    first_sample_ = first;
    num_slots_ = count;
    is_caller_ = is_caller;
    if (slots_.size() < static_cast<std::size_t>(count)) {
        slots_.resize(static_cast<std::size_t>(count));
    }
    for (std::int64_t i = 0; i < count; ++i) {
        SampleSlot& slot = slots_[static_cast<std::size_t>(i)];
        slot.events.resize(num_populations + 1);
        load_state(first + i, slot);
        if (job_.x != nullptr) {
            const std::int64_t sample = first + i;
            const std::uint64_t id = job_.sample_ids == nullptr ? static_cast<std::uint64_t>(sample)
                                                                : job_.sample_ids[sample];
            slot.encoder.set_sample(job_.x + sample * job_.plan->input_order.num_neurons,
                                    job_.plan->input_order, job_.probability_scale, job_.seed, id);
        }
    }
    for (chunk_begin_ = 0; chunk_begin_ < job_.num_steps; chunk_begin_ += chunk_steps_) {
        chunk_size_ = std::min(chunk_steps_, job_.num_steps - chunk_begin_);
        for (std::int64_t i = 0; i < count; ++i) {
            encode_inputs(first + i, slots_[static_cast<std::size_t>(i)]);
        }
        for (std::size_t population = 0; population < num_populations; ++population) {
            run_population(population);
            if (must_stop()) {
                return;
            }
        }
        job_.watch->add(chunk_size_ * count);
    }
    for (std::int64_t i = 0; i < count; ++i) {
        store_state(first + i, slots_[static_cast<std::size_t>(i)]);
    }
}

bool BlockRunner::must_stop() {
    if (is_caller_) {
        job_.watch->poll();
    }
    return job_.watch->stopped();
}

void BlockRunner::load_state(std::int64_t sample, SampleSlot& slot) {
    const std::vector<PopulationPlan>& populations = job_.plan->populations;
    slot.potential.resize(populations.size());
    slot.refractory_left.resize(populations.size());
    for (std::size_t k = 0; k < populations.size(); ++k) {
        const auto padded = static_cast<std::size_t>(populations[k].padded());
        const auto row = static_cast<std::size_t>(sample) * padded;
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

void BlockRunner::store_state(std::int64_t sample, const SampleSlot& slot) {
    if (job_.after == nullptr) {
        return;
    }
    for (std::size_t k = 0; k < slot.potential.size(); ++k) {
        const auto padded = static_cast<std::size_t>(job_.plan->populations[k].padded());
        const auto row = static_cast<std::size_t>(sample) * padded;
        std::copy_n(slot.potential[k].data(), padded, job_.after->potential[k].data() + row);
        if (job_.refractory_steps[k] > 0.0F) {
            std::copy_n(slot.refractory_left[k].data(), padded,
                        job_.after->refractory_left[k].data() + row);
        }
    }
}

void BlockRunner::encode_inputs(std::int64_t sample, SampleSlot& slot) {
    const NeuronOrder& order = job_.plan->input_order;
    if (job_.x != nullptr) {
        slot.encoder.encode(job_.first_step + chunk_begin_, chunk_size_, slot.events[0]);
    } else {
        const std::int64_t step_stride = job_.num_samples * order.num_neurons;
        list_spikes(job_.spikes + chunk_begin_ * step_stride + sample * order.num_neurons,
                    step_stride, chunk_size_, order, slot.events[0]);
    }
    job_.result->input_spikes[static_cast<std::size_t>(sample)] += slot.events[0].size();
}

void BlockRunner::run_population(std::size_t population) {
    const PopulationPlan& plan = job_.plan->populations[population];
    const auto words = static_cast<std::size_t>(plan.num_words);
    const auto slot_stride = static_cast<std::size_t>(chunk_steps_) * words;
    masks_.reserve(static_cast<std::size_t>(num_slots_) * slot_stride);
    if (job_.record_potentials[population] != 0) {
        potentials_.reserve(static_cast<std::size_t>(chunk_steps_ * plan.padded()));
    }
    if (plan.all_linear && plan.projections.size() <= kMaxLinearSources) {
        run_linear(population);
    } else {
        for (std::size_t i = 0; i < static_cast<std::size_t>(num_slots_); ++i) {
            if (must_stop()) {
                return;
            }
            run_mixed(population, i);
        }
    }
    if (must_stop()) {
        return;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(num_slots_); ++i) {
        collect(population, first_sample_ + static_cast<std::int64_t>(i), slots_[i],
                masks_.data() + i * slot_stride);
    }
}

NeuronView BlockRunner::neurons(std::size_t population, SampleSlot& slot) const {
    const PopulationPlan& plan = job_.plan->populations[population];
    NeuronView view;
    view.potential = slot.potential[population].data();
    view.threshold = plan.threshold.data();
    view.bias = job_.bias[population].data();
    view.reset = plan.reset;
    view.refractory_steps = job_.refractory_steps[population];
    view.refractory_left =
        view.refractory_steps > 0.0F ? slot.refractory_left[population].data() : nullptr;
    return view;
}

void BlockRunner::run_linear(std::size_t population) {
    const PopulationPlan& plan = job_.plan->populations[population];
    LinearTileArguments arguments;
    arguments.num_sources = static_cast<int>(plan.projections.size());
    arguments.num_steps = chunk_size_;
    arguments.mask_stride = plan.num_words;
    arguments.potential_stride = plan.padded();
    for (std::size_t i = 0; i < static_cast<std::size_t>(num_slots_); ++i) {
        slots_[i].operations = 0;
        for (const ProjectionPlan& projection : plan.projections) {
            const EventList& events = slots_[i].events[static_cast<std::size_t>(projection.source)];
            slots_[i].operations += events.size() * projection.linear.num_columns;
        }
    }
    // Tile by tile, so that a tile's weights stay in the cache for all samples of the block.
    for (std::int64_t tile = 0; tile < plan.num_words && !must_stop(); ++tile) {
        const std::int64_t column = tile * kMaskBits;
        arguments.width = plan.projections.front().linear.width(tile);
        for (std::size_t i = 0; i < static_cast<std::size_t>(num_slots_); ++i) {
            for (std::size_t k = 0; k < plan.projections.size(); ++k) {
                arguments.weight[k] = plan.projections[k].linear.tile(tile);
                arguments.events[k] =
                    slots_[i].events[static_cast<std::size_t>(plan.projections[k].source)].view();
            }
            NeuronView view = neurons(population, slots_[i]);
            view.potential += column;
            view.threshold += column;
            view.bias += column;
            if (view.refractory_left != nullptr) {
                view.refractory_left += column;
            }
            arguments.neurons = view;
            arguments.masks =
                masks_.data() + static_cast<std::int64_t>(i) * chunk_steps_ * plan.num_words + tile;
            arguments.potentials =
                job_.record_potentials[population] != 0 ? potentials_.data() + column : nullptr;
            kernels().linear_tile(arguments);
        }
    }
}

void BlockRunner::run_mixed(std::size_t population, std::size_t slot_index) {
    const PopulationPlan& plan = job_.plan->populations[population];
    const Kernels& kernel = kernels();
    SampleSlot& slot = slots_[slot_index];
    const NeuronView view = neurons(population, slot);
    slot.operations = 0;
    current_.reserve(static_cast<std::size_t>(plan.padded()));
    std::copy_n(view.bias, static_cast<std::size_t>(plan.padded()), current_.data());
    std::uint64_t* masks =
        masks_.data() + static_cast<std::int64_t>(slot_index) * chunk_steps_ * plan.num_words;
    for (std::int64_t step = 0; step < chunk_size_; ++step) {
        for (const ProjectionPlan& projection : plan.projections) {
            const EventList& events = slot.events[static_cast<std::size_t>(projection.source)];
            const std::uint32_t* first = events.begin(step);
            const std::int64_t count = events.count(step);
            switch (projection.kind) {
                case ProjectionKind::Linear:
                    slot.operations +=
                        kernel.linear_events(projection.linear, first, count, current_.data());
                    break;
                case ProjectionKind::Conv:
                    slot.operations +=
                        kernel.conv_events(projection.conv, first, count, current_.data());
                    break;
                case ProjectionKind::Pool:
                    slot.operations +=
                        kernel.pool_events(projection.pool, first, count, current_.data());
                    break;
            }
        }
        kernel.update_neurons(view, current_.data(), plan.num_words, masks + step * plan.num_words);
        if (job_.record_potentials[population] != 0) {
            std::copy_n(view.potential, static_cast<std::size_t>(plan.padded()),
                        potentials_.data() + step * plan.padded());
        }
    }
}

void BlockRunner::collect(std::size_t population, std::int64_t sample, SampleSlot& slot,
                          const std::uint64_t* masks) {
    const PopulationPlan& plan = job_.plan->populations[population];
    EventList& events = slot.events[population + 1];
    events.clear();
    for (std::int64_t step = 0; step < chunk_size_; ++step) {
        for (std::int64_t word = 0; word < plan.num_words; ++word) {
            const std::uint64_t mask = masks[step * plan.num_words + word];
            if (mask != 0) {
                events.append_bits(mask, static_cast<std::uint32_t>(word * kMaskBits));
            }
        }
        events.end_step();
    }
    const std::size_t num_populations = job_.plan->populations.size();
    const std::size_t at = static_cast<std::size_t>(sample) * num_populations + population;
    job_.result->spikes[at] += events.size();
    job_.result->synaptic_operations[at] += slot.operations;
    record(population, sample, events);
    if (job_.record_potentials[population] != 0) {
        record_potentials(population, sample);
    }
    if (population + 1 == num_populations) {
        pack_outputs(sample, events);
    }
}

void BlockRunner::record(std::size_t population, std::int64_t sample, const EventList& events) {
    const PopulationPlan& plan = job_.plan->populations[population];
    PopulationRecord& target = job_.result->records[population];
    if (job_.record_spikes[population] != 0) {
        for (std::int64_t step = 0; step < chunk_size_; ++step) {
            std::uint8_t* row =
                target.spikes.data() +
                ((chunk_begin_ + step) * job_.num_samples + sample) * plan.num_neurons;
            for (const std::uint32_t* event = events.begin(step); event != events.end(step);
                 ++event) {
                row[plan.order.external(*event)] = 1;
            }
        }
    }
    if (job_.record_counts[population] != 0) {
        std::uint32_t* row = target.counts.data() + sample * plan.num_neurons;
        const std::uint32_t* event = events.view().events;
        for (std::int64_t i = 0; i < events.size(); ++i) {
            ++row[plan.order.external(event[i])];
        }
    }
}

void BlockRunner::record_potentials(std::size_t population, std::int64_t sample) {
    const PopulationPlan& plan = job_.plan->populations[population];
    float* target = job_.result->records[population].potentials.data();
    for (std::int64_t step = 0; step < chunk_size_; ++step) {
        const float* source = potentials_.data() + step * plan.padded();
        float* row =
            target + ((chunk_begin_ + step) * job_.num_samples + sample) * plan.num_neurons;
        for (std::int64_t i = 0; i < plan.num_neurons; ++i) {
            row[plan.order.external(i)] = source[i];
        }
    }
}

void BlockRunner::pack_outputs(std::int64_t sample, const EventList& events) {
    const NeuronOrder& order = job_.plan->populations.back().order;
    const std::int64_t bytes = (order.num_neurons + 7) / 8;
    std::uint8_t* rows =
        job_.result->output_spikes.data() + (sample * job_.num_steps + chunk_begin_) * bytes;
    for (std::int64_t step = 0; step < chunk_size_; ++step) {
        for (const std::uint32_t* event = events.begin(step); event != events.end(step); ++event) {
            const std::int64_t neuron = order.external(*event);
            std::uint8_t& byte = rows[step * bytes + neuron / 8];
            byte = static_cast<std::uint8_t>(byte | (1U << (neuron % 8)));
        }
    }
}

}  // namespace pysnn::detail
