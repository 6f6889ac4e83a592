#include "engine/cpu/plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include "base/overloaded.hpp"
#include "network/network_data.hpp"
#include "nodes/registry.hpp"

namespace pysnn::detail {
namespace {

std::int64_t round_up(std::int64_t value, std::int64_t multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

AlignedBuffer<float> spread(const std::vector<float>& values, const Layout& layout, float padding) {
    AlignedBuffer<float> result(static_cast<std::size_t>(layout.padded()), padding);
    for (std::int64_t i = 0; i < layout.num_neurons(); ++i) {
        result[static_cast<std::size_t>(layout.lane(i))] =
            values.size() == 1 ? values[0] : values[static_cast<std::size_t>(i)];
    }
    return result;
}

// Sum of the biases of all projections, by lane; exact, as all are on the grid.
std::vector<float> sum_biases(const Population& population, const Layout& layout) {
    std::vector<float> total;
    const auto add = [&](const std::vector<float>& bias, std::int64_t neurons_per_bias) {
        if (bias.empty()) {
            return;
        }
        total.resize(static_cast<std::size_t>(layout.padded()), 0.0F);
        for (std::int64_t i = 0; i < layout.num_neurons(); ++i) {
            total[static_cast<std::size_t>(layout.lane(i))] +=
                bias[static_cast<std::size_t>(i / neurons_per_bias)];
        }
    };
    for (const Projection& projection : population.projections) {
        std::visit(Overloaded{[&](const Linear& linear) { add(linear.bias, 1); },
                              [&](const Conv2d& conv) { add(conv.bias, layout.num_positions()); },
                              [](const PoolSynapses&) {}},
                   projection.synapses);
    }
    return total;
}

ProjectionPlan plan_projection(const Projection& projection, int source, const Layout& layout,
                               const PopulationPlan& target) {
    ProjectionPlan plan;
    plan.source = source;
    std::visit(
        Overloaded{[&](const Linear& linear) {
                       plan.kind = ProjectionKind::Linear;
                       plan.linear = pack_linear(linear, layout, target, source == 0);
                       plan.fan_out.uniform = linear.out_features;
                   },
                   [&](const Conv2d& conv) {
                       plan.kind = ProjectionKind::Conv;
                       const bool is_dense = conv.groups == 1 && window_of(conv).is_dense();
                       plan.conv = pack_conv(is_dense ? conv : dense_form(conv), layout, target);
                       plan.fan_out = fan_out(window_of(conv), conv.out_channels / conv.groups,
                                              layout, target.layout);
                   },
                   [&](const PoolSynapses& pool) {
                       plan.kind = ProjectionKind::Pool;
                       plan.pool = pack_pool(pool, target);
                       plan.fan_out = fan_out(window_of(pool), 1, layout, target.layout);
                   }},
        projection.synapses);
    return plan;
}

bool all_equal(const std::vector<std::int64_t>& values) {
    return std::all_of(values.begin(), values.end(),
                       [&](std::int64_t value) { return value == values.front(); });
}

NeuronRule rule_of(ResetMode reset) {
    switch (reset) {
        case ResetMode::Zero:
            return NeuronRule::ResetToZero;
        case ResetMode::Subtract:
            return NeuronRule::ResetBySubtraction;
    }
    throw std::logic_error("a reset that has no rule");
}

// The highest membrane of each neuron, in units of its grid, that does not fire: exact, as
// the grid is a power of two. None where a threshold that is taken off is no whole number of units.
AlignedBuffer<std::int32_t> whole_limits(const PopulationPlan& plan) {
    constexpr double kNever = 1 << 25;  // beyond what membranes reach
    if (plan.precision != Precision::Int16) {
        return {};
    }
    AlignedBuffer<std::int32_t> limits(static_cast<std::size_t>(plan.layout.padded()), 0);
    for (std::size_t at = 0; at < limits.size(); ++at) {
        const double units =
            static_cast<double>(plan.threshold[at]) / static_cast<double>(plan.grid[at]);
        const double first = std::min(std::ceil(units), kNever);
        if (kernels().neuron_traits(plan.rule).subtracts && first != units && units < kNever) {
            return {};
        }
        limits[at] = static_cast<std::int32_t>(first) - 1;
    }
    return limits;
}

// The population that alone reads population k, if k is a convolution whose pixels share words and
// the reader a pool of windows side by side: it may run column by column with the convolution.
std::int64_t sole_pool(const Plan& plan, std::size_t k) {
    std::int64_t reader = -1;
    for (std::size_t target = k + 1; target < plan.populations.size(); ++target) {
        for (const ProjectionPlan& projection : plan.populations[target].projections) {
            if (projection.source != static_cast<int>(k) + 1) {
                continue;
            }
            const Window& window = projection.pool.window;
            if (reader >= 0 || projection.kind != ProjectionKind::Pool ||
                plan.populations[target].projections.size() > 1 ||
                window.stride_x != window.kernel_width || projection.fan_out.uniform == 0 ||
                plan.populations[k].layout.has_whole_words() ||
                plan.populations[k].projections.size() > 1 ||
                plan.populations[k].projections.front().kind != ProjectionKind::Conv) {
                return -1;
            }
            reader = static_cast<std::int64_t>(target);
        }
    }
    return reader;
}

}  // namespace

Layout::Layout(const Shape& shape, std::int64_t lane_multiple)
    : channels(shape.size() == 3 ? shape[0] : num_elements(shape)),
      height(shape.size() == 3 ? shape[1] : 1),
      width(shape.size() == 3 ? shape[2] : 1),
      lanes(round_up(channels, lane_multiple)),
      bit_channels(channels <= kMaskBits ? channels : round_up(channels, kMaskBits)),
      words_per_row((width * bit_channels + kMaskBits - 1) / kMaskBits) {}

FanOut fan_out(const Window& window, std::int64_t per_position, const Layout& source,
               const Layout& target) {
    FanOut result;
    result.per_position = per_position;
    result.rows = window.y().reach(source.height, target.height);
    const std::vector<std::int64_t> columns = window.x().reach(source.width, target.width);
    if (all_equal(result.rows) && all_equal(columns)) {
        result.uniform = per_position * result.rows.front() * columns.front();
        return result;
    }
    const std::int64_t largest = *std::max_element(columns.begin(), columns.end());
    for (std::int64_t digit = 0; largest >> digit != 0; ++digit) {
        std::vector<std::uint64_t> plane(static_cast<std::size_t>(source.words_per_row), 0);
        for (std::int64_t x = 0; x < source.width; ++x) {
            for (std::int64_t c = 0; c < source.channels; ++c) {
                const std::int64_t bit = x * source.bit_channels + c;
                const auto set =
                    static_cast<std::uint64_t>(columns[static_cast<std::size_t>(x)] >> digit & 1);
                plane[static_cast<std::size_t>(bit / kMaskBits)] |= set << (bit % kMaskBits);
            }
        }
        result.planes.insert(result.planes.end(), plane.begin(), plane.end());
        ++result.num_planes;
    }
    return result;
}

PopulationPlan::PopulationPlan(const Population& population, Precision given_precision)
    : layout(population.shape, kLaneMultiple),
      precision(given_precision),
      tile_width(given_precision == Precision::Int16 ? 2 * kMaskBits : kMaskBits),
      threshold(spread(population.threshold, layout, std::numeric_limits<float>::infinity())),
      initial_potential(spread(population.initial_potential, layout, 0.0F)),
      rule(rule_of(population.reset)),
      refractory_period(population.refractory_period) {
    bias = sum_biases(population, layout);
    grid = AlignedBuffer<float>(static_cast<std::size_t>(layout.padded()), 1.0F);
    const std::int64_t per_grid =
        layout.num_neurons() / static_cast<std::int64_t>(population.grid.size());
    for (std::int64_t i = 0; i < layout.num_neurons(); ++i) {
        grid[static_cast<std::size_t>(layout.lane(i))] =
            population.grid[static_cast<std::size_t>(i / per_grid)];
    }
    limit = whole_limits(*this);
    rests_in_silence =
        kernels().neuron_traits(rule).may_rest && refractory_period == 0.0 && bias.empty();
    for (std::int64_t i = 0; i < layout.padded(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        initial_potential[at] += 0.0F;  // no negative zero, so that adding nothing is the identity
        rests_in_silence = rests_in_silence && initial_potential[at] < threshold[at];
    }
}

Plan::Plan(const SpikingNetworkDescription& description)
    : input(description.input_shape, 1), input_blocks(linear_blocks(input)) {
    std::unordered_map<std::string, int> index{{kInputName, 0}};
    for (const Population& population : description.populations) {
        PopulationPlan plan(population, description.precision);
        for (const Projection& projection : population.projections) {
            const int source = index.at(projection.source);
            const Layout& layout =
                source == 0 ? input : populations[static_cast<std::size_t>(source - 1)].layout;
            plan.projections.push_back(plan_projection(projection, source, layout, plan));
            const bool is_linear = plan.projections.back().kind == ProjectionKind::Linear;
            lists_input = lists_input || (source == 0 && is_linear);
            spreads_input = spreads_input || (source == 0 && !is_linear);
        }
        // The order of a sum does not matter: first what reads the input, and of that, what may
        // begin with a baseline.
        const auto reads_input = [](const ProjectionPlan& each) { return each.source == 0; };
        const auto end =
            std::stable_partition(plan.projections.begin(), plan.projections.end(), reads_input);
        std::stable_partition(plan.projections.begin(), end, [](const ProjectionPlan& each) {
            return each.kind == ProjectionKind::Linear;
        });
        plan.num_input_projections = static_cast<std::size_t>(end - plan.projections.begin());
        num_neurons.push_back(plan.layout.num_neurons());
        populations.push_back(std::move(plan));
        index.emplace(population.name, static_cast<int>(populations.size()));
    }
    for (std::size_t k = 0; k < populations.size(); ++k) {
        pooled_by.push_back(sole_pool(*this, k));
    }
}

}  // namespace pysnn::detail

namespace pysnn {

const detail::Plan& SpikingNetwork::plan() const {
    const detail::Plan* plan = data_->packed.load(std::memory_order_acquire);
    if (plan == nullptr) {
        const std::lock_guard<std::mutex> lock(data_->packing);
        if (data_->plan == nullptr) {
            data_->plan = std::make_shared<const detail::Plan>(data_->description);
            data_->packed.store(data_->plan.get(), std::memory_order_release);
        }
        plan = data_->plan.get();
    }
    return *plan;
}

}  // namespace pysnn
