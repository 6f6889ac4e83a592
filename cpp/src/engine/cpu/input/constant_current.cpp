// Exact sums of weights times intensities, rounded to the grid once.

#include "engine/cpu/input/constant_current.hpp"

#include <algorithm>
#include <cmath>

#include "base/overloaded.hpp"
#include "engine/encoding.hpp"
#include "nodes/conv2d.hpp"
#include "nodes/identity_synapses.hpp"
#include "nodes/pool_synapses.hpp"

namespace pysnn::detail {
namespace {

void add_linear(const Linear& linear, const Array<double>& units,
                const Array<std::int64_t>& nonzero, Array<double>& sums) {
    for (std::int64_t target = 0; target < sums.size(); ++target) {
        const float* row = linear.weight.data() + target * units.size();
        double sum = 0.0;
        for (const std::int64_t input : nonzero) {
            sum += double{row[input]} * units[input];
        }
        sums[target] += sum;
    }
}

// One image plane onto another through one tap of a window.
struct Planes {
    Planes(const Window& window, const Shape& source, const Shape& target)
        : y(window.y()), x(window.x()), source_shape(source), target_shape(target) {}

    const double* source_plane(const Array<double>& units, std::int64_t channel) const {
        return units.data() + channel * source_shape[1] * source_shape[2];
    }
    double* target_plane(Array<double>& sums, std::int64_t channel) const {
        return sums.data() + channel * target_shape[1] * target_shape[2];
    }

    void add(const double* source, float weight, std::int64_t tap_y, std::int64_t tap_x,
             double* target) const {
        const double factor = weight;
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
              const Array<double>& units, Array<double>& sums) {
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

// What the windows see, then weighted: the weights of a channel may differ by window.
void add_pool(const PoolSynapses& pool, const Shape& source, const Shape& target,
              const Array<double>& units, Array<double>& sums) {
    const Planes planes(window_of(pool), source, target);
    const std::int64_t size = target[1] * target[2];
    const std::int64_t neurons_per_weight = sums.size() / size_of(pool.weight);
    Array<double> seen(size);
    for (std::int64_t channel = 0; channel < source[0]; ++channel) {
        seen.assign(size, 0.0);
        for (std::int64_t y = 0; y < pool.kernel_size[0]; ++y) {
            for (std::int64_t x = 0; x < pool.kernel_size[1]; ++x) {
                planes.add(planes.source_plane(units, channel), 1.0F, y, x, seen.data());
            }
        }
        double* to = planes.target_plane(sums, channel);
        for (std::int64_t i = 0; i < size; ++i) {
            to[i] += pool.weight.data()[(channel * size + i) / neurons_per_weight] * seen[i];
        }
    }
}

void add_identity(const IdentitySynapses& identity, const Shape& source, const Shape& target,
                  const Array<double>& units, Array<double>& sums) {
    const Planes planes(window_of(identity), source, target);
    for (std::int64_t channel = 0; channel < source[0]; ++channel) {
        planes.add(planes.source_plane(units, channel), identity.weight.data()[channel], 0, 0,
                   planes.target_plane(sums, identity.first_channel + channel));
    }
}

// A vector as an image of one pixel.
Shape as_image(Shape shape) {
    shape.resize(3, 1);
    return shape;
}

// Bias and rounded current, by lane.
void write_base(const PackedPopulation& packed, const ScaledBias& bias, const Array<double>& sums,
                PopulationSlot& slot) {
    const std::int64_t padded = packed.layout.padded();
    const bool int16 = packed.precision == Precision::Int16;
    slot.base.reserve(padded);
    std::copy_n(bias.floats.data(), padded, slot.base.data());
    if (int16) {
        slot.base_int16.reserve(padded);
        std::copy_n(bias.shorts.data(), padded, slot.base_int16.data());
    }
    for (std::int64_t i = 0; i < sums.size(); ++i) {
        const std::int64_t lane = packed.layout.lane(i);
        const double grid = packed.grid[lane];
        const double current = std::nearbyint(sums[i] / kCurrentUnits / grid);
        slot.base[lane] += static_cast<float>(current * grid);
        if (int16) {
            slot.base_int16[lane] =
                static_cast<std::int16_t>(slot.base_int16[lane] + static_cast<int>(current));
        }
    }
}

}  // namespace

void ConstantCurrent::set_units(const Array<double>& x, double probability_scale) {
    nonzero_.clear();
    for (std::int64_t i = 0; i < units_.size(); ++i) {
        units_[i] = current_units(x[i], probability_scale);
        if (units_[i] != 0.0) {
            nonzero_.push_back(i);
        }
    }
}

void ConstantCurrent::set(const CpuProgram& program, const Array<ScaledBias>& bias,
                          double probability_scale, const Array<double>& x, SampleSlot& slot) {
    units_.resize(program.input().num_neurons());
    nonzero_.reserve(units_.size());
    set_units(x, probability_scale);
    const Shape& source = program.description().input_shape;
    for (std::int64_t k = 0; k < program.num_populations(); ++k) {
        const PackedPopulation& packed = program.population(k);
        if (packed.num_input_projections == 0) {
            continue;
        }
        const Population& population = program.description().populations.data()[k];
        sums_.assign(packed.layout.num_neurons(), 0.0);
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
                                  },
                                  [&](const IdentitySynapses& identity) {
                                      add_identity(identity, as_image(source),
                                                   as_image(population.shape), units_, sums_);
                                  },
                                  // None reads the input.
                                  [](const MaxPoolSynapses&) {}},
                       projection.synapses);
        }
        write_base(packed, bias[k], sums_, slot.populations[k]);
    }
}

}  // namespace pysnn::detail
