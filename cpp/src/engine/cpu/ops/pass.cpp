#include "engine/cpu/ops/pass.hpp"

namespace pysnn::detail {

StepList::StepList() {
    for (std::int64_t step = 0; step < kMaxChunk; ++step) {
        all_[step] = static_cast<std::uint16_t>(step);
    }
}

void StepList::use_all(std::int64_t num_steps) {
    steps_ = all_;
    size_ = num_steps;
}

void StepList::use(const std::uint64_t (&steps)[kStepWords]) {
    steps_ = some_;
    size_ = kernels().words.list_steps(steps, some_);
}

Pass::Pass(const Job& given_job, std::size_t given_population, std::size_t given_projection)
    : job(given_job),
      population(given_population),
      plan(given_job.plan->populations[given_population]),
      projection(plan.projections[given_projection]),
      is_first(given_projection == given_job.first_projection(given_population)),
      is_last(given_projection + 1 == plan.projections.size() &&
              !given_job.updates_apart(given_population)) {
    may_rest_ = is_first && is_last && plan.rests_in_silence &&
                !job.has_constant_current(population) && job.record_potentials[population] == 0;
}

TileView Pass::tile(SampleSlot& slot, std::int64_t lane, std::int64_t width) const {
    TileView view;
    view.width = width;
    view.carry_stride = plan.layout.padded();
    view.carry_in = is_first ? nullptr : slot.carry.data() + lane;
    view.carry_out = is_last ? nullptr : slot.carry.data() + lane;
    view.neurons.potential = slot.potential[population].data() + lane;
    view.neurons.threshold = plan.threshold.data() + lane;
    view.neurons.rule = plan.rule;
    view.neurons.refractory_steps = job.refractory_steps[population];
    view.neurons.refractory_left = view.neurons.refractory_steps > 0.0F
                                       ? slot.refractory_left[population].data() + lane
                                       : nullptr;
    view.potential_stride = plan.layout.padded();
    view.potentials =
        job.record_potentials[population] != 0 ? slot.potentials.data() + lane : nullptr;
    view.mask_stride = kMaxChunk;
    return view;
}

const void* Pass::start(const SampleSlot& slot, std::int64_t lane, bool int16) const {
    if (job.has_constant_current(population)) {
        return slot.base_of(population, lane, int16);
    }
    const ScaledBias& bias = job.bias[population];
    return int16 ? static_cast<const void*>(bias.shorts.data() + lane)
                 : static_cast<const void*>(bias.floats.data() + lane);
}

std::uint64_t* Pass::words(SampleSlot& slot, std::int64_t y, std::int64_t x,
                           std::int64_t channel) const {
    const std::int64_t word =
        y * plan.layout.words_per_row + (x * plan.layout.bit_channels + channel) / kMaskBits;
    return slot.spikes[population].data() + word * kMaxChunk;
}

void Pass::merge(SampleSlot& slot, std::int64_t y, std::int64_t x, const std::uint64_t* masks,
                 std::int64_t shift) const {
    const std::int64_t bits = plan.layout.bit_channels;
    const std::uint64_t mask = ~std::uint64_t{0} >> (kMaskBits - bits);
    const std::int64_t first = x * bits % kMaskBits;
    std::uint64_t* low = words(slot, y, x, 0);
    kernels().merge_words(masks, static_cast<int>(shift), mask, static_cast<int>(first),
                          slot.chunk_size, low);
}

const std::uint64_t* silent_words() {
    static const std::uint64_t words[kMaxChunk] = {};
    return words;
}

}  // namespace pysnn::detail
