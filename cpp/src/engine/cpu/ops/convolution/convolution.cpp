// The choice between gathering and tables, by how much a sample spikes.

#include "engine/cpu/ops/convolution/convolution.hpp"

#include "engine/cpu/tuning.hpp"

namespace pysnn::detail {
namespace {

bool has_tables(const ConvolutionOp& op) {
    return op.shortcuts.empty() &&
           std::get<ConvWeights>(op.share.projection->weights).tables.columns != 0;
}

bool prefers_tables(const Share& share, const SampleSlot& slot) {
    const auto& conv = std::get<ConvWeights>(share.projection->weights);
    const auto pixels =
        static_cast<double>(share.projection->source_layout->num_positions() * slot.chunk_size);
    const auto spikes = static_cast<double>(slot.spikes_of(share.projection->source));
    const double events = spikes / pixels * static_cast<double>(conv.window.num_positions());
    return static_cast<double>(conv.window.kernel_height * conv.tables.num_parts) <
           events + tuning::kSurpriseInLookups;
}

}  // namespace

void ConvolutionRunner::run(const ConvolutionOp& op, const OpContext& context) {
    columns_.begin(op, context.slots.size());
    to_gather_.clear();
    if (has_tables(op)) {
        tabled_.reserve(op);
    }
    const OpContext gathering{to_gather_, context.must_stop};
    for (SampleSlot* slot : context.slots) {
        if (op.uses_pixel_tables && slot->chunk_size >= tuning::kMinPixelTableSteps) {
            pixel_tabled_.run(op, *slot, context.must_stop);
            continue;
        }
        if (has_tables(op) && prefers_tables(op.share, *slot)) {
            tabled_.run(op, *slot, context.must_stop, columns_);
            continue;
        }
        to_gather_.push_back(slot);
        if (op.takes_turns) {
            gathered_.run(op, gathering, columns_);
            to_gather_.clear();
        }
    }
    if (!to_gather_.empty()) {
        gathered_.run(op, gathering, columns_);
    }
}

}  // namespace pysnn::detail
