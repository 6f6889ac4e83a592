#include "engine/cpu/input/constant_current.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/encoding.hpp"

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

// One image plane onto another through one kernel entry.
struct Planes {
    std::int64_t source_height;
    std::int64_t source_width;
    std::int64_t target_height;
    std::int64_t target_width;
    std::array<std::int64_t, 2> stride;
    std::array<std::int64_t, 2> padding;

    void add(const double* source, float weight, std::int64_t kernel_y, std::int64_t kernel_x,
             double* target) const {
        const auto factor = static_cast<double>(weight);
        for (std::int64_t y = 0; y < target_height; ++y) {
            const std::int64_t from_y = y * stride[0] + kernel_y - padding[0];
            if (from_y < 0 || from_y >= source_height) {
                continue;
            }
            for (std::int64_t x = 0; x < target_width; ++x) {
                const std::int64_t from_x = x * stride[1] + kernel_x - padding[1];
                if (from_x >= 0 && from_x < source_width) {
                    target[y * target_width + x] += factor * source[from_y * source_width + from_x];
                }
            }
        }
    }
};

void add_conv(const Conv2d& conv, const Shape& source, const Shape& target,
              const std::vector<double>& units, std::vector<double>& sums) {
    const Planes planes{source[1], source[2], target[1], target[2], conv.stride, conv.padding};
    const float* weight = conv.weight.data();
    for (std::int64_t out = 0; out < conv.out_channels; ++out) {
        for (std::int64_t in = 0; in < conv.in_channels; ++in) {
            for (std::int64_t y = 0; y < conv.kernel_size[0]; ++y) {
                for (std::int64_t x = 0; x < conv.kernel_size[1]; ++x) {
                    planes.add(units.data() + in * source[1] * source[2], *weight++, y, x,
                               sums.data() + out * target[1] * target[2]);
                }
            }
        }
    }
}

void add_pool(const PoolSynapses& pool, const Shape& source, const Shape& target,
              const std::vector<double>& units, std::vector<double>& sums) {
    const Planes planes{source[1], source[2], target[1], target[2], pool.stride, {0, 0}};
    for (std::int64_t channel = 0; channel < source[0]; ++channel) {
        for (std::int64_t y = 0; y < pool.kernel_size[0]; ++y) {
            for (std::int64_t x = 0; x < pool.kernel_size[1]; ++x) {
                planes.add(units.data() + channel * source[1] * source[2],
                           pool.weight[static_cast<std::size_t>(channel)], y, x,
                           sums.data() + channel * target[1] * target[2]);
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
            if (const auto* linear = std::get_if<Linear>(&projection.synapses)) {
                add_linear(*linear, units_, nonzero_, sums_);
            } else if (const auto* conv = std::get_if<Conv2d>(&projection.synapses)) {
                add_conv(*conv, source, population.shape, units_, sums_);
            } else {
                add_pool(std::get<PoolSynapses>(projection.synapses), source, population.shape,
                         units_, sums_);
            }
        }
        write_base(plan, job.bias[k], sums_, slot.base[k], slot.base_int16[k]);
    }
}

}  // namespace pysnn::detail
