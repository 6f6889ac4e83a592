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
    counts_.resize(windows_of(op.share).window.num_positions() * kMaskBits);
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
                const WindowPlace place{y, x, channel, false};
                pixels_.clear();
                pixels_.add(place);
                Tile tile;
                tile.num_pixels = pixels_.pixels().size();
                if (source.is_signed) {
                    pixels_.add({y, x, channel, true});
                }
                tile.channels = ~std::uint64_t{0} >>
                                (kMaskBits - std::min(layout.channels - channel, kMaskBits));
                tile.sent =
                    population.sent.data() + (y * layout.width + x) * layout.lanes + channel;
                tile.masks =
                    layout.is_aligned() ? words_at(share, slot, y, x, channel) : masks_.at(0);
                load_counts(share, slot, place);
                population.num_spikes += run_tile(tile, slot.chunk_size);
                if (!windows_of(share).overlap) {
                    store_counts(share, slot, place);
                }
                if (!layout.is_aligned()) {
                    merge_pixel(share, slot, y, x, tile.masks, 0);
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

std::int64_t MaxPoolRunner::run_tile(const Tile& tile, std::int64_t num_steps) {
    std::int64_t num_spikes = 0;
    for (std::int64_t step = 0; step < num_steps; ++step) {
        std::uint64_t grown = 0;
        std::uint64_t shrunk = 0;
        count_spikes(tile, step, grown, shrunk);
        for_each_bit(grown, [&](std::int64_t channel) { ++tile.sent[channel]; });
        std::uint64_t taken_back = 0;
        for_each_bit(shrunk & ~grown, [&](std::int64_t channel) {
            if (maximum(tile, channel) < tile.sent[channel]) {
                --tile.sent[channel];
                taken_back |= std::uint64_t{1} << channel;
            }
        });
        tile.masks.positive[step] = grown;
        if (tile.masks.negative != nullptr) {
            tile.masks.negative[step] = taken_back;
        }
        for_each_bit(grown, [&](std::int64_t) { ++num_spikes; });
        for_each_bit(taken_back, [&](std::int64_t) { ++num_spikes; });
    }
    return num_spikes;
}

// Takes in a step's spikes. `grown`: channels of which some count is now above what was sent;
// `shrunk`: those of which a count that was the largest has fallen.
void MaxPoolRunner::count_spikes(const Tile& tile, std::int64_t step, std::uint64_t& grown,
                                 std::uint64_t& shrunk) {
    const Array<PixelBits>& pixels = pixels_.pixels();
    for (std::int64_t p = 0; p < pixels.size(); ++p) {
        const bool is_negative = p >= tile.num_pixels;
        std::int32_t* counts = counts_.data() + p % tile.num_pixels * kMaskBits;
        for_each_bit(pixels[p].words[step] >> pixels[p].shift & tile.channels,
                     [&](std::int64_t channel) {
                         const std::uint64_t bit = std::uint64_t{1} << channel;
                         if (is_negative) {
                             shrunk |= counts[channel]-- == tile.sent[channel] ? bit : 0;
                         } else {
                             grown |= ++counts[channel] > tile.sent[channel] ? bit : 0;
                         }
                     });
    }
}

std::int32_t MaxPoolRunner::maximum(const Tile& tile, std::int64_t channel) const {
    std::int32_t largest = counts_[channel];
    for (std::int64_t p = 1; p < tile.num_pixels; ++p) {
        largest = std::max(largest, counts_[p * kMaskBits + channel]);
    }
    return largest;
}

}  // namespace pysnn::detail
