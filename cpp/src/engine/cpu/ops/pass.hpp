#pragma once

#include <cstdint>
#include <vector>

#include "engine/cpu/job.hpp"
#include "engine/cpu/sample_slot.hpp"

namespace pysnn::detail {

/// The steps a tile runs: all of the chunk, or those that have events.
class StepList {
  public:
    StepList();

    void use_all(std::int64_t num_steps);
    void use(const std::uint64_t (&steps)[kStepWords]);
    const std::uint16_t* steps() const { return steps_; }
    std::int64_t size() const { return size_; }

  private:
    std::uint16_t all_[kMaxChunk];
    std::uint16_t some_[kMaxChunk + 64];
    const std::uint16_t* steps_ = nullptr;
    std::int64_t size_ = 0;
};

/// One projection's share of a population's currents, for the samples of a block: what Linear,
/// convolution and pool have in common.
///
/// The last projection takes the sums into the membranes; those before it leave them in the slots'
/// carries, and so does the last where Job::updates_apart().
class Pass {
  public:
    Pass(const Job& job, std::size_t population, std::size_t projection);

    const Job& job;
    const std::size_t population;
    const PopulationPlan& plan;
    const ProjectionPlan& projection;
    const bool is_first;  // of the population's projections that bring spikes
    const bool is_last;   // and takes the sums into the membranes

    /// Whether steps without events may be left out.
    bool may_rest() const { return may_rest_; }

    /// The tile at a lane of one sample; steps, masks and base are the caller's.
    TileView tile(SampleSlot& slot, std::int64_t lane, std::int64_t width) const;

    /// What the sums of a tile begin with: its bias, and with it the current of constant inputs.
    const void* start(const SampleSlot& slot, std::int64_t lane, bool int16) const;

    /// GatherArguments::limit of the tile at a lane.
    const std::int32_t* limit(std::int64_t lane) const {
        return plan.limit.size() == 0 ? nullptr : plan.limit.data() + lane;
    }

    /// Whether the sums begin with a baseline of the input, which only the first pass can.
    bool uses_baseline(const SampleSlot& slot) const {
        return projection.source == 0 && projection.kind == ProjectionKind::Linear && is_first &&
               slot.input.has_baseline();
    }

    bool uses_int16() const {
        return plan.precision == Precision::Int16 && projection.kind != ProjectionKind::Pool;
    }

    /// Words of the tile at a pixel of an aligned layout, by step.
    std::uint64_t* words(SampleSlot& slot, std::int64_t y, std::int64_t x,
                         std::int64_t channel) const;

    /// Puts the spikes of one pixel, bits of `masks` from `shift` on, among those of its row.
    void merge(SampleSlot& slot, std::int64_t y, std::int64_t x, const std::uint64_t* masks,
               std::int64_t shift) const;

  private:
    bool may_rest_ = false;
};

/// All zero, for sources outside of an image.
const std::uint64_t* silent_words();

}  // namespace pysnn::detail
