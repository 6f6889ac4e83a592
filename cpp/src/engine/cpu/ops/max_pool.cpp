// Counts of sources, and the largest of each window.

#include "engine/cpu/ops/max_pool.hpp"

#include <algorithm>

#include "base/bits.hpp"

namespace pysnn::detail {
namespace {

template <typename Visit>
void for_each_bit(std::uint64_t bits, Visit visit) {
    for (; bits != 0; bits &= bits - 1) {
        visit(static_cast<std::int64_t>(lowest_bit(bits)));
    }
}

// Calls visit(lane of the source's first channel) for the pixels of a window, as SourcePixels adds
// them.
template <typename Visit>
void for_each_pixel(const Window& window, const Layout& source, const WindowPlace& place,
                    Visit visit) {
    const WindowAxis y = window.y();
    const WindowAxis x = window.x();
    const Span rows = y.taps_inside(place.y, source.height);
    const Span columns = x.taps_inside(place.x, source.width);
    for (std::int64_t i = rows.begin; i < rows.end; ++i) {
        for (std::int64_t j = columns.begin; j < columns.end; ++j) {
            visit((y.source_of(place.y, i) * source.width + x.source_of(place.x, j)) *
                      source.lanes +
                  place.channel);
        }
    }
}

const MaxPoolWindows& windows_of(const Share& share) {
    return std::get<MaxPoolWindows>(share.projection->weights);
}

}  // namespace

void MaxPoolRunner::run(const MaxPoolOp& op, const OpContext& context) {
    const std::int64_t num_positions = windows_of(op.share).window.num_positions();
    const std::int64_t num_words =
        num_positions * (op.share.projection->source_layout->is_signed ? 2 : 1);
    words_.reserve(num_words);
    shifts_.reserve(num_words);
    counts_.resize(num_positions * kMaskBits);
    deficits_.reserve((num_positions + Deficits::kSources - 1) / Deficits::kSources);
    masks_.reserve(op.share, 1);
    for (SampleSlot* slot : context.slots) {
        run_sample(op.share, *slot);
        if (context.must_stop()) {
            return;
        }
    }
}

void MaxPoolRunner::run_sample(const Share& share, SampleSlot& slot) {
    const Layout& source = *share.projection->source_layout;
    const Layout& layout = share.packed->layout;
    PopulationSlot& population = slot.populations[share.population];
    pixels_.begin(source, slot.words_of(share.projection->source), windows_of(share).window,
                  slot.chunk_size);
    for (std::int64_t y = 0; y < layout.height; ++y) {
        for (std::int64_t x = 0; x < layout.width; ++x) {
            for (std::int64_t channel = 0; channel < layout.channels; channel += kMaskBits) {
                const TileMasks masks =
                    layout.is_aligned() ? words_at(share, slot, y, x, channel) : masks_.at(0);
                population.num_spikes += run_window(share, slot, {y, x, channel, false}, masks);
                if (!layout.is_aligned()) {
                    merge_pixel(share, slot, y, x, masks, 0);
                }
            }
        }
    }
    if (windows_of(share).overlap) {
        add_chunk(share, slot);
    }
}

void MaxPoolRunner::load_counts(const Share& share, const SampleSlot& slot,
                                const WindowPlace& place) {
    const std::int64_t count =
        std::min(share.projection->source_layout->channels - place.channel, kMaskBits);
    const AlignedBuffer<std::int32_t>& counts = slot.populations[share.population].source_counts;
    std::int32_t* to = counts_.data();
    for_each_pixel(windows_of(share).window, *share.projection->source_layout, place,
                   [&](std::int64_t lane) {
                       std::copy_n(counts.data() + lane, count, to);
                       to += kMaskBits;
                   });
}

void MaxPoolRunner::store_counts(const Share& share, SampleSlot& slot,
                                 const WindowPlace& place) const {
    const std::int64_t count =
        std::min(share.projection->source_layout->channels - place.channel, kMaskBits);
    AlignedBuffer<std::int32_t>& counts = slot.populations[share.population].source_counts;
    const std::int32_t* from = counts_.data();
    for_each_pixel(windows_of(share).window, *share.projection->source_layout, place,
                   [&](std::int64_t lane) {
                       std::copy_n(from, count, counts.data() + lane);
                       from += kMaskBits;
                   });
}

// The chunk's spikes onto the counts of the sources, each once, however many windows it is in.
void MaxPoolRunner::add_chunk(const Share& share, SampleSlot& slot) const {
    const Layout& source = *share.projection->source_layout;
    const std::uint64_t* words = slot.words_of(share.projection->source);
    AlignedBuffer<std::int32_t>& counts = slot.populations[share.population].source_counts;
    for (std::int64_t word = 0; word < source.num_words(); ++word) {
        for (std::int64_t step = 0; step < slot.chunk_size; ++step) {
            for_each_bit(words[word * kMaxChunk + step], [&](std::int64_t i) {
                const std::int64_t bit = word * kMaskBits + i;
                counts[source.lane(source.neuron_of_bit(bit))] += source.is_negative(bit) ? -1 : 1;
            });
        }
    }
}

std::int64_t MaxPoolRunner::run_window(const Share& share, SampleSlot& slot,
                                       const WindowPlace& place, const TileMasks& masks) {
    const Layout& source = *share.projection->source_layout;
    const Layout& layout = share.packed->layout;
    pixels_.clear();
    pixels_.add(place);
    const std::int64_t num_windows = pixels_.pixels().size();
    if (source.is_signed) {
        pixels_.add({place.y, place.x, place.channel, true});
    }
    words_.clear();
    shifts_.clear();
    for (const PixelBits& pixel : pixels_.pixels()) {
        words_.push_back(pixel.words);
        shifts_.push_back(pixel.shift);
    }
    const std::int64_t num_channels = std::min(layout.channels - place.channel, kMaskBits);
    std::int32_t* of_neurons = slot.populations[share.population].sent.data() +
                               (place.y * layout.width + place.x) * layout.lanes + place.channel;
    std::int32_t sent[kMaskBits] = {};
    std::copy_n(of_neurons, num_channels, sent);
    load_counts(share, slot, place);
    MaxPoolArguments arguments;
    arguments.num_steps = slot.chunk_size;
    arguments.windows = words_.data();
    arguments.shifts = shifts_.data();
    arguments.num_windows = static_cast<int>(num_windows);
    arguments.channels = ~std::uint64_t{0} >> (kMaskBits - num_channels);
    arguments.counts = counts_.data();
    arguments.sent = sent;
    arguments.deficits = deficits_.data();
    arguments.masks = masks.positive;
    arguments.negative_masks = masks.negative;
    const std::int64_t num_spikes = kernels().max_pool(arguments);
    std::copy_n(sent, num_channels, of_neurons);
    if (!windows_of(share).overlap) {
        store_counts(share, slot, place);
    }
    return num_spikes;
}

}  // namespace pysnn::detail
