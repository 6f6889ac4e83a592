// The decisions behind a schedule.

#include "engine/cpu/schedule.hpp"

#include <algorithm>

#include "base/overloaded.hpp"
#include "engine/cpu/tuning.hpp"

namespace pysnn::detail {
namespace {

InputMode input_mode(const Settings& settings, const Call& call) {
    if (call.spikes != nullptr) {
        return InputMode::Given;
    }
    switch (settings.encoding) {
        case Encoding::Constant:
            return InputMode::Constant;
        case Encoding::Poisson:
        case Encoding::Regular:
            break;
    }
    return InputMode::Drawn;
}

// Output rows whose events fit the 16 bits of an event's number.
std::int64_t rows_of_band(const ConvWeights& conv, const Layout& target) {
    std::int64_t rows = target.height;
    for (const ConvBlock& block : conv.blocks) {
        const std::int64_t source_rows =
            std::max(kMaxEventRows / block.ids_per_row, std::int64_t{1});
        rows = std::min(rows,
                        std::max((source_rows - block.num_kernel_rows) / conv.window.stride_y + 1,
                                 std::int64_t{1}));
    }
    return rows;
}

class Scheduler {
  public:
    Scheduler(const CpuProgram& program, const Settings& settings, const Call& call,
              const Array<ScaledBias>& bias)
        : program_(program),
          settings_(settings),
          bias_(bias),
          input_(input_mode(settings, call)),
          pool_of_(program.num_populations(), kNone),
          is_fused_(program.num_populations(), 0) {
        for (std::int64_t k = 0; k < program.num_populations(); ++k) {
            const std::int64_t pool = sole_pool(k);
            if (pool != kNone && may_fuse(k, pool)) {
                pool_of_[k] = pool;
                is_fused_[pool] = 1;
            }
        }
    }

    InputMode input() const { return input_; }

    // Memory of a slot, for spikes, states and sums that wait.
    std::int64_t slot_bytes() const {
        std::int64_t bytes = 1;
        for (std::int64_t k = 0; k < program_.num_populations(); ++k) {
            const PackedPopulation& packed = program_.population(k);
            const RecordNeeds& needs = settings_.recording.needs(k);
            bytes += packed.layout.num_words() * kMaxChunk * 8 + packed.layout.padded() * 4;
            bytes += (packed.num_sent() + packed.num_source_counts()) * 4;
            if (needs.potentials || needs.charge || waits_for_more(k) || !runs_in_tiles(k)) {
                bytes += packed.layout.padded() * kMaxChunk * 4;
            }
        }
        return bytes;
    }

    void add_population(std::int64_t k, Array<Op>& ops) const {
        const PackedPopulation& packed = program_.population(k);
        const Target target = target_of(k);
        if (is_fused_[k] != 0) {
            // Its spikes are there already.
            ops.push_back(CountOp{share_of(target, 0)});
        } else {
            ops.push_back(prepare(target));
            const std::int64_t with_shortcuts = convolution_with_shortcuts(k);
            for (std::int64_t p = first_projection(k); p < packed.projections.size(); ++p) {
                const Share share = share_of(target, p);
                if (with_shortcuts == kNone) {
                    ops.push_back(op_of(share));
                } else if (p == with_shortcuts) {
                    ops.push_back(with_all_shortcuts(share));
                }
                ops.push_back(CountOp{share});
            }
            if (is_constant_tile(k)) {
                Share share{target};
                share.is_first = true;
                share.is_last = true;
                ops.push_back(ConstantOp{share});
            } else if (updates_apart(k)) {
                const bool is_constant = first_projection(k) == packed.projections.size();
                ops.push_back(MembraneOp{target, is_constant, settings_.recording.needs(k).charge});
            }
        }
        ops.push_back(RecordOp{target, k + 1 == program_.num_populations()});
    }

  private:
    static constexpr std::int64_t kNone = -1;

    bool has_constant_current(std::int64_t k) const {
        return input_ == InputMode::Constant && program_.population(k).num_input_projections > 0;
    }

    // The first that brings spikes.
    std::int64_t first_projection(std::int64_t k) const {
        return input_ == InputMode::Constant ? program_.population(k).num_input_projections : 0;
    }

    // Whether nothing but constant input reaches the neurons, and nothing counts it.
    bool is_constant_tile(std::int64_t k) const {
        return first_projection(k) == program_.population(k).projections.size() &&
               runs_in_tiles(k) && !program_.population(k).is_max_pool &&
               !settings_.recording.needs(k).charge;
    }

    // Whether sums of one projection wait in memory for those of another.
    bool waits_for_more(std::int64_t k) const {
        return program_.population(k).projections.size() > 1 &&
               convolution_with_shortcuts(k) == kNone;
    }

    // Whether the neurons' rule is in the kernels that sum weights. A max pool has no sums.
    bool runs_in_tiles(std::int64_t k) const {
        const PackedPopulation& packed = program_.population(k);
        return packed.is_max_pool || kernels().neuron_traits(packed.rule).runs_in_tiles;
    }

    // Whether membranes take finished sums out of memory, after all shares of the population: where
    // what they take in is counted, where there is no share, and where no other kernel has the
    // rule.
    bool updates_apart(std::int64_t k) const {
        return settings_.recording.needs(k).charge || !runs_in_tiles(k) ||
               first_projection(k) == program_.population(k).projections.size();
    }

    static bool is_identity(const PackedProjection& projection) {
        const auto* pool = std::get_if<PoolWeights>(&projection.weights);
        return pool != nullptr && pool->window.num_positions() == 1 && !pool->is_by_position &&
               !pool->is_by_tap;
    }

    // The projection of a population that is a convolution beside identity synapses alone, which it
    // takes along.
    std::int64_t convolution_with_shortcuts(std::int64_t k) const {
        const Array<PackedProjection>& projections = program_.population(k).projections;
        std::int64_t convolution = kNone;
        for (std::int64_t p = first_projection(k); p < projections.size(); ++p) {
            const auto* conv = std::get_if<ConvWeights>(&projections[p].weights);
            const bool is_gathered =
                conv != nullptr && (conv->tables.columns == 0 || !conv->pixel_tables.empty());
            if (is_gathered && convolution == kNone) {
                convolution = p;
            } else if (!is_identity(projections[p])) {
                return kNone;
            }
        }
        return updates_apart(k) || projections.size() - first_projection(k) < 2 ? kNone
                                                                                : convolution;
    }

    // Whether the windows stand side by side and inside of the image, and cover it.
    static bool tiles_image(const PackedProjection& projection, const Layout& target) {
        const auto* pool = std::get_if<PoolWeights>(&projection.weights);
        if (pool == nullptr || pool->first_channel != 0 || pool->is_by_position ||
            pool->is_by_tap) {
            return false;
        }
        const Layout& source = *projection.source_layout;
        const Window& window = pool->window;
        const WindowAxis y = window.y();
        const WindowAxis x = window.x();
        return projection.fan_out.is_uniform() && source.channels == target.channels &&
               window.stride_x == window.kernel_width && y.first(0) == 0 && x.first(0) == 0 &&
               y.first(target.height - 1) + y.extent() <= source.height &&
               x.first(target.width - 1) + x.extent() <= source.width;
    }

    // The population that alone reads population k, if k is a convolution whose pixels share words
    // and the reader a pool of windows side by side.
    std::int64_t sole_pool(std::int64_t k) const {
        const PackedPopulation& conv = program_.population(k);
        if (conv.layout.has_whole_words() || conv.layout.is_signed || conv.projections.size() > 1 ||
            !std::holds_alternative<ConvWeights>(conv.projections.front().weights)) {
            return kNone;
        }
        std::int64_t reader = kNone;
        for (std::int64_t target = k + 1; target < program_.num_populations(); ++target) {
            for (const PackedProjection& projection : program_.population(target).projections) {
                if (projection.source != k) {
                    continue;
                }
                const PackedPopulation& pool = program_.population(target);
                if (reader != kNone || pool.projections.size() > 1 ||
                    !tiles_image(projection, pool.layout)) {
                    return kNone;
                }
                reader = target;
            }
        }
        return reader;
    }

    // A pool whose potentials are recorded has a buffer that its source may need, too.
    bool may_fuse(std::int64_t k, std::int64_t pool) const {
        const RecordNeeds& source = settings_.recording.needs(k);
        return !source.spikes && !source.potentials && !updates_apart(k) &&
               !settings_.recording.needs(pool).potentials && !updates_apart(pool);
    }

    // Windows tile the image, so that all of it lies in tiles of two rows and two columns then.
    static bool runs_in_tables(const Share& conv, const Share& pool) {
        const Window& window = std::get<PoolWeights>(pool.projection->weights).window;
        return kernels().pools_tables && conv.packed->layout.lanes == kLaneMultiple &&
               std::get<ConvWeights>(conv.projection->weights).tables.columns == 2 &&
               window.kernel_height == 2 && window.kernel_width == 2 && window.stride_y == 2 &&
               conv.packed->rule == pool.packed->rule && conv.refractory_steps == 0.0F &&
               pool.refractory_steps == 0.0F;
    }

    Target target_of(std::int64_t k) const {
        Target target;
        target.population = k;
        target.packed = &program_.population(k);
        target.bias = &bias_[k];
        target.refractory_steps = settings_.refractory_steps[k];
        target.has_constant_current = has_constant_current(k);
        target.records_potentials =
            settings_.recording.needs(k).potentials || target.packed->is_readout();
        return target;
    }

    Share share_of(const Target& target, std::int64_t projection) const {
        const std::int64_t k = target.population;
        const PackedPopulation& packed = *target.packed;
        Share share{target};
        share.projection = &packed.projections[projection];
        share.is_first = projection == first_projection(k);
        share.is_last = projection + 1 == packed.projections.size() && !updates_apart(k);
        share.may_rest = share.is_first && share.is_last && packed.rests_in_silence &&
                         !target.has_constant_current && !target.records_potentials;
        share.uses_int16 = packed.precision == Precision::Int16 &&
                           (std::holds_alternative<LinearWeights>(share.projection->weights) ||
                            std::holds_alternative<ConvWeights>(share.projection->weights));
        return share;
    }

    PrepareOp prepare(const Target& target) const {
        const std::int64_t k = target.population;
        const std::int64_t chunk = kMaxChunk * target.packed->layout.padded();
        PrepareOp op;
        op.population = k;
        op.cleared = pool_of_[k] == kNone ? k : pool_of_[k];
        op.carry_size = waits_for_more(k) || updates_apart(k) ? chunk : 0;
        op.potentials_size = target.records_potentials ? chunk : 0;
        return op;
    }

    Op op_of(const Share& share) const {
        return std::visit(
            Overloaded{
                [&](const LinearWeights&) -> Op { return linear(share); },
                [&](const ConvWeights& conv) -> Op { return convolution(share, conv); },
                [&](const PoolWeights&) -> Op { return PoolOp{share}; },
                [&](const MaxPoolWindows&) -> Op { return MaxPoolOp{share}; },
            },
            share.projection->weights);
    }

    LinearOp linear(const Share& share) const {
        return {share, share.is_first && share.projection->reads_input(),
                input_ == InputMode::Given};
    }

    // All that brings spikes to a convolution's population.
    ConvolutionOp with_all_shortcuts(Share share) const {
        const std::int64_t k = share.population;
        const PackedPopulation& packed = *share.packed;
        share.is_first = true;
        share.is_last = true;
        share.may_rest = false;
        ConvolutionOp op = convolution(share, std::get<ConvWeights>(share.projection->weights));
        for (std::int64_t p = first_projection(k); p < packed.projections.size(); ++p) {
            if (&packed.projections[p] != share.projection) {
                op.shortcuts.push_back(share_of(share, p));
            }
        }
        return op;
    }

    ConvolutionOp convolution(const Share& share, const ConvWeights& conv) const {
        ConvolutionOp op;
        op.share = share;
        const std::int64_t weight_bytes = share.uses_int16 ? 2 : 4;
        op.takes_turns =
            conv.blocks.size() == 1 &&
            conv.num_rows * share.packed->layout.lanes * weight_bytes <= tuning::kNearBytes;
        op.band_rows = rows_of_band(conv, share.packed->layout);
        const std::int64_t pool = pool_of_[share.population];
        if (pool != kNone) {
            const Share pool_share = share_of(target_of(pool), 0);
            op.pool = FusedPool{pool_share, runs_in_tables(share, pool_share)};
        }
        op.uses_pixel_tables = !op.pool && !conv.pixel_tables.empty();
        return op;
    }

    const CpuProgram& program_;
    const Settings& settings_;
    const Array<ScaledBias>& bias_;
    const InputMode input_;
    Array<std::int64_t> pool_of_;  // by population: the pool fused with it
    Array<char> is_fused_;         // by population: a pool that its source runs
};

}  // namespace

bool Schedule::uses_baseline(std::int64_t num_steps) {
    return num_steps >= tuning::kMinBaselineSteps;
}

std::int64_t Schedule::chunk_steps(const Call& call, std::int64_t begin) const {
    const std::int64_t steps = std::min(max_chunk_steps, call.num_steps - begin);
    return check_interval == 0
               ? steps
               : std::min(steps, check_interval - (call.first_step + begin) % check_interval);
}

Schedule make_schedule(const CpuProgram& program, const Settings& settings, const Call& call,
                       const Array<ScaledBias>& bias) {
    const Scheduler scheduler(program, settings, call, bias);
    Schedule schedule;
    schedule.bias = &bias;
    schedule.input = scheduler.input();
    for (std::int64_t k = 0; k < program.num_populations(); ++k) {
        for (const PackedProjection& projection : program.population(k).projections) {
            const bool is_linear = std::holds_alternative<LinearWeights>(projection.weights);
            schedule.lists_input = schedule.lists_input || (projection.reads_input() && is_linear);
            schedule.writes_input_words =
                schedule.writes_input_words || (projection.reads_input() && !is_linear);
        }
        scheduler.add_population(k, schedule.ops);
    }
    const std::int64_t slots_bytes =
        std::clamp(tuning::kSlotBytesPerWeightByte * program.num_weight_bytes(),
                   tuning::kLeastSlotBytes, tuning::kMaxSlotBytes);
    schedule.num_slots =
        std::clamp<std::int64_t>(slots_bytes / scheduler.slot_bytes(), 1, tuning::kMaxSlots);
    const std::int64_t most =
        settings.stop.applies() ? tuning::kMaxSamplesIfStopping : schedule.num_slots;
    schedule.portion = std::clamp<std::int64_t>(
        settings.num_samples / (tuning::kPortionsPerThread * call.num_threads), 1, most);
    schedule.max_chunk_steps = kMaxChunk;
    schedule.check_interval = settings.stop.applies() ? settings.stop.interval : 0;
    return schedule;
}

}  // namespace pysnn::detail
