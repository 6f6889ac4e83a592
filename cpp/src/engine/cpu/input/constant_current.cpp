#include "engine/cpu/input/constant_current.hpp"

#include <algorithm>
#include <cmath>

#include "base/overloaded.hpp"
#include "engine/encoding.hpp"
#include "nodes/registry.hpp"

namespace pysnn::detail {
namespace {

void add_linear(const Linear& linear, const std::vector<double>& units,
                const std::vector<std::int64_t>& nonzero, std::vector<double>& sums) {
    for (std::size_t target = 0; target < sums.size(); ++target) {
        const float* row = linear.weight.data() + target * units.size();
        double sum = 0.0;
        for (const std::int64_t input : nonzero) {
            sum += static_cast<double>(row[input]) * units[static_cast<std::size_t>(input)];
        }
        sums[target] += sum;
    }
}

// One image plane onto another through one tap of a window.
struct Planes {
    Planes(const Window& window, const Shape& source, const Shape& target)
        : y(window.y()), x(window.x()), source_shape(source), target_shape(target) {}

    const double* source_plane(const std::vector<double>& units, std::int64_t channel) const {
        return units.data() + channel * source_shape[1] * source_shape[2];
    }
    double* target_plane(std::vector<double>& sums, std::int64_t channel) const {
        return sums.data() + channel * target_shape[1] * target_shape[2];
    }

    void add(const double* source, float weight, std::int64_t tap_y, std::int64_t tap_x,
             double* target) const {
        const auto factor = static_cast<double>(weight);
        const Span rows = y.targets_of_tap(tap_y, source_shape[1], target_shape[1]);
        const Span columns = x.targets_of_tap(tap_x, source_shape[2], target_shape[2]);
        for (std::int64_t row = rows.begin; row < rows.end; ++row) {
            const double* from = source + y.source_of(row, tap_y) * source_shape[2];
            double* to = target + row * target_shape[2];
            for (std::int64_t column = columns.begin; column < columns.end; ++column) {
                to[column] += factor * from[x.source_of(column, tap_x)];
            }
        }
    }

    WindowAxis y;
    WindowAxis x;
    const Shape& source_shape;
    const Shape& target_shape;
};

void add_conv(const Conv2d& conv, const Shape& source, const Shape& target,
              const std::vector<double>& units, std::vector<double>& sums) {
    const Planes planes(window_of(conv), source, target);
    const float* weight = conv.weight.data();
    for (std::int64_t out = 0; out < conv.out_channels; ++out) {
        for (std::int64_t channel = 0; channel < channels_per_group(conv); ++channel) {
            const double* from = planes.source_plane(units, first_in_channel(conv, out) + channel);
            for (std::int64_t y = 0; y < conv.kernel_size[0]; ++y) {
                for (std::int64_t x = 0; x < conv.kernel_size[1]; ++x) {
                    planes.add(from, *weight++, y, x, planes.target_plane(sums, out));
                }
            }
        }
    }
}

void add_pool(const PoolSynapses& pool, const Shape& source, const Shape& target,
              const std::vector<double>& units, std::vector<double>& sums) {
    const Planes planes(window_of(pool), source, target);
    for (std::int64_t channel = 0; channel < source[0]; ++channel) {
        for (std::int64_t y = 0; y < pool.kernel_size[0]; ++y) {
            for (std::int64_t x = 0; x < pool.kernel_size[1]; ++x) {
                planes.add(planes.source_plane(units, channel),
                           pool.weight[static_cast<std::size_t>(channel)], y, x,
                           planes.target_plane(sums, channel));
            }
        }
    }
}

// Bias and rounded current, by lane.
void write_base(const PopulationPlan& plan, const ScaledBias& bias, const std::vector<double>& sums,
                AlignedBuffer<float>& floats, AlignedBuffer<std::int16_t>& shorts) {
    const auto padded = static_cast<std::size_t>(plan.layout.padded());
    const bool int16 = plan.precision == Precision::Int16;
    floats.reserve(padded);
    std::copy_n(bias.floats.data(), padded, floats.data());
    if (int16) {
        shorts.reserve(padded);
        std::copy_n(bias.shorts.data(), padded, shorts.data());
    }
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const auto lane = static_cast<std::size_t>(plan.layout.lane(static_cast<std::int64_t>(i)));
        const auto grid = static_cast<double>(plan.grid[lane]);
        const double current = std::nearbyint(sums[i] / kCurrentUnits / grid);
        floats[lane] += static_cast<float>(current * grid);
        if (int16) {
            shorts[lane] = static_cast<std::int16_t>(shorts[lane] + static_cast<int>(current));
        }
    }
}

}  // namespace

void ConstantCurrent::set_units(const Job& job, const float* x) {
    const std::int64_t num_inputs = job.plan->input.num_neurons();
    units_.resize(static_cast<std::size_t>(num_inputs));
    nonzero_.clear();
    for (std::int64_t i = 0; i < num_inputs; ++i) {
        const double units = current_units(x[i], job.probability_scale);
        units_[static_cast<std::size_t>(i)] = units;
        if (units != 0.0) {
            nonzero_.push_back(i);
        }
    }
}

void ConstantCurrent::set(const Job& job, SampleSlot& slot) {
    set_units(job, job.x + slot.sample * job.plan->input.num_neurons());
    const Shape& source = job.description->input_shape;
    for (std::size_t k = 0; k < job.plan->populations.size(); ++k) {
        if (!job.has_constant_current(k)) {
            continue;
        }
        const PopulationPlan& plan = job.plan->populations[k];
        const Population& population = job.description->populations[k];
        sums_.assign(static_cast<std::size_t>(plan.layout.num_neurons()), 0.0);
        for (const Projection& projection : population.projections) {
            if (projection.source != kInputName) {
                continue;
            }
            std::visit(Overloaded{[&](const Linear& linear) {
                                      add_linear(linear, units_, nonzero_, sums_);
                                  },
                                  [&](const Conv2d& conv) {
                                      add_conv(conv, source, population.shape, units_, sums_);
                                  },
                                  [&](const PoolSynapses& pool) {
                                      add_pool(pool, source, population.shape, units_, sums_);
                                  }},
                       projection.synapses);
        }
        write_base(plan, job.bias[k], sums_, slot.base[k], slot.base_int16[k]);
    }
}

}  // namespace pysnn::detail
