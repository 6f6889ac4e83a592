// Tiles made of a share and a sample.

#include "engine/cpu/ops/tiles.hpp"

namespace pysnn::detail {

StepList::StepList() {
    std::uint16_t step = 0;
    for (std::uint16_t& each : all_) {
        each = step++;
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

TileView tile_at(const Share& share, SampleSlot& slot, std::int64_t lane, std::int64_t width) {
    const PackedPopulation& packed = *share.packed;
    PopulationSlot& population = slot.populations[share.population];
    TileView view;
    view.width = width;
    view.carry_stride = packed.layout.padded();
    view.carry_in = share.is_first ? nullptr : slot.carry.data() + lane;
    view.carry_out = share.is_last ? nullptr : slot.carry.data() + lane;
    view.neurons.potential = population.potential.data() + lane;
    view.neurons.threshold = packed.threshold.data() + lane;
    view.neurons.lower = packed.lower.empty() ? nullptr : packed.lower.data() + lane;
    view.neurons.sent = population.sent.empty() ? nullptr : population.sent.data() + lane;
    view.neurons.rule = packed.rule;
    view.neurons.refractory_steps = share.refractory_steps;
    view.neurons.refractory_left =
        share.refractory_steps > 0.0F ? population.refractory_left.data() + lane : nullptr;
    view.potential_stride = packed.layout.padded();
    view.potentials = share.records_potentials ? slot.potentials.data() + lane : nullptr;
    view.mask_stride = kMaxChunk;
    return view;
}

const void* base_at(const Share& share, const SampleSlot& slot, std::int64_t lane) {
    if (!share.uses_int16) {
        return float_base_at(share, slot, lane);
    }
    return share.has_constant_current ? sample_base_at(share, slot, lane)
                                      : share.bias->shorts.data() + lane;
}

const float* float_base_at(const Share& share, const SampleSlot& slot, std::int64_t lane) {
    const AlignedBuffer<float>& base =
        share.has_constant_current ? slot.populations[share.population].base : share.bias->floats;
    return base.data() + lane;
}

const void* sample_base_at(const Share& share, const SampleSlot& slot, std::int64_t lane) {
    const PopulationSlot& population = slot.populations[share.population];
    if (share.uses_int16) {
        return population.base_int16.data() + lane;
    }
    return population.base.data() + lane;
}

const std::int32_t* limit_at(const Share& share, std::int64_t lane) {
    return share.packed->limit.empty() ? nullptr : share.packed->limit.data() + lane;
}

TileMasks words_at(const Share& share, SampleSlot& slot, std::int64_t y, std::int64_t x,
                   std::int64_t channel) {
    const Layout& layout = share.packed->layout;
    const std::int64_t word =
        y * layout.words_per_row + (x * layout.bit_channels + channel) / kMaskBits;
    std::uint64_t* words = slot.populations[share.population].spikes.data() + word * kMaxChunk;
    return {words, layout.is_signed ? words + layout.sign_bits / kMaskBits * kMaxChunk : nullptr};
}

namespace {

void merge_bits(const Layout& layout, const std::uint64_t* masks, int shift, std::int64_t bit,
                std::int64_t num_steps, std::uint64_t* row) {
    kernels().merge_words(masks, shift, ~std::uint64_t{0} >> (kMaskBits - layout.channels),
                          static_cast<int>(bit % kMaskBits), num_steps,
                          row + bit / kMaskBits * kMaxChunk);
}

}  // namespace

void merge_pixel(const Share& share, SampleSlot& slot, std::int64_t y, std::int64_t x,
                 const TileMasks& masks, int shift) {
    const Layout& layout = share.packed->layout;
    std::uint64_t* row =
        slot.populations[share.population].spikes.data() + y * layout.words_per_row * kMaxChunk;
    const std::int64_t bit = x * layout.bit_channels;
    merge_bits(layout, masks.positive, shift, bit, slot.chunk_size, row);
    if (layout.is_signed) {
        merge_bits(layout, masks.negative, shift, bit + layout.sign_bits, slot.chunk_size, row);
    }
}

void WaitingMasks::reserve(const Share& share, std::int64_t num_tiles) {
    signs_ = share.packed->layout.is_signed ? 2 : 1;
    masks_.reserve(num_tiles * signs_ * kMaxChunk);
}

const std::uint64_t* silent_words() {
    static constexpr std::uint64_t kWords[kMaxChunk] = {};
    return kWords;
}

}  // namespace pysnn::detail
