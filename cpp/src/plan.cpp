#include "plan.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <unordered_map>

namespace pysnn::detail {

NeuronOrder::NeuronOrder(const Shape& shape) : num_neurons(num_elements(shape)) {
    if (shape.size() == 3) {
        channels = shape[0];
        height = shape[1];
        width = shape[2];
        is_identity = channels == 1 || height * width == 1;
    } else {
        height = num_neurons;
    }
}

namespace {

LinearTiles pack_linear(const Linear& layer, const NeuronOrder& source, const NeuronOrder& target) {
    LinearTiles tiles;
    tiles.num_rows = layer.in_features;
    tiles.num_columns = layer.out_features;
    const std::int64_t num_tiles = num_mask_words(layer.out_features);
    const std::int64_t last = num_tiles - 1;
    tiles.weight = AlignedBuffer<float>(
        static_cast<std::size_t>((last * kMaskBits + tiles.width(last)) * tiles.num_rows), 0.0F);
    for (std::int64_t column = 0; column < layer.out_features; ++column) {
        const std::int64_t tile = column / kMaskBits;
        const std::int64_t width = tiles.width(tile);
        float* packed =
            tiles.weight.data() + tile * kMaskBits * tiles.num_rows + column % kMaskBits;
        const float* weight = layer.weight.data() + target.external(column) * layer.in_features;
        for (std::int64_t row = 0; row < layer.in_features; ++row) {
            packed[row * width] = weight[source.external(row)];
        }
    }
    return tiles;
}

// Entries of one kernel axis in packed order: by residue of the stride, each residue descending.
std::vector<std::int64_t> slot_order(std::int64_t kernel, std::int64_t stride) {
    std::vector<std::int64_t> order;
    for (std::int64_t residue = 0; residue < std::min(kernel, stride); ++residue) {
        for (std::int64_t entry = (kernel - 1 - residue) / stride * stride + residue; entry >= 0;
             entry -= stride) {
            order.push_back(entry);
        }
    }
    return order;
}

// Which targets each source position of one axis reaches: kernel entry = source + padding - target
// * stride.
std::vector<Reach> reach_of_axis(std::int64_t source_size, std::int64_t target_size,
                                 std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
    const std::vector<std::int64_t> order = slot_order(kernel, stride);
    std::vector<std::int32_t> slot_of(order.size());
    for (std::size_t slot = 0; slot < order.size(); ++slot) {
        slot_of[static_cast<std::size_t>(order[slot])] = static_cast<std::int32_t>(slot);
    }
    std::vector<Reach> reach(static_cast<std::size_t>(source_size));
    for (std::int64_t position = 0; position < source_size; ++position) {
        Reach& entry = reach[static_cast<std::size_t>(position)];
        const std::int64_t shifted = position + padding;
        const std::int64_t past_kernel = shifted - kernel;  // targets * stride must be above this
        const std::int64_t first = past_kernel < 0 ? 0 : past_kernel / stride + 1;
        const std::int64_t last = std::min(shifted / stride, target_size - 1);
        if (last < first) {
            continue;
        }
        entry.first = static_cast<std::int32_t>(first);
        entry.count = static_cast<std::int32_t>(last - first + 1);
        entry.slot = slot_of[static_cast<std::size_t>(shifted - first * stride)];
    }
    return reach;
}

ConvRuns pack_conv(const Conv2d& layer, const NeuronOrder& source, const NeuronOrder& target) {
    ConvRuns runs;
    runs.source_channels = layer.in_channels;
    runs.target_channels = layer.out_channels;
    runs.target_width = target.width;
    runs.source_width = source.width;
    runs.kernel_height = layer.kernel_size[0];
    runs.kernel_width = layer.kernel_size[1];
    runs.rows = reach_of_axis(source.height, target.height, layer.kernel_size[0], layer.stride[0],
                              layer.padding[0]);
    runs.columns = reach_of_axis(source.width, target.width, layer.kernel_size[1], layer.stride[1],
                                 layer.padding[1]);
    const std::vector<std::int64_t> row_order = slot_order(layer.kernel_size[0], layer.stride[0]);
    const std::vector<std::int64_t> column_order =
        slot_order(layer.kernel_size[1], layer.stride[1]);
    runs.weight = AlignedBuffer<float>(layer.weight.size());
    float* packed = runs.weight.data();
    for (std::int64_t c = 0; c < layer.in_channels; ++c) {
        for (const std::int64_t row : row_order) {
            for (const std::int64_t column : column_order) {
                for (std::int64_t out = 0; out < layer.out_channels; ++out) {
                    const std::int64_t index =
                        ((out * layer.in_channels + c) * layer.kernel_size[0] + row) *
                            layer.kernel_size[1] +
                        column;
                    *packed++ = layer.weight[static_cast<std::size_t>(index)];
                }
            }
        }
    }
    return runs;
}

PoolRuns pack_pool(const AvgPool2d& layer, const NeuronOrder& source, const NeuronOrder& target) {
    PoolRuns runs;
    runs.channels = source.channels;
    runs.target_width = target.width;
    runs.source_width = source.width;
    runs.rows =
        reach_of_axis(source.height, target.height, layer.kernel_size[0], layer.stride[0], 0);
    runs.columns =
        reach_of_axis(source.width, target.width, layer.kernel_size[1], layer.stride[1], 0);
    runs.weight = AlignedBuffer<float>(layer.weight.size());
    std::copy(layer.weight.begin(), layer.weight.end(), runs.weight.data());
    return runs;
}

ProjectionPlan plan_projection(const Projection& projection, int source,
                               const NeuronOrder& source_order, const NeuronOrder& target_order) {
    ProjectionPlan plan;
    plan.source = source;
    if (const auto* linear = std::get_if<Linear>(&projection.layer)) {
        plan.kind = ProjectionKind::Linear;
        plan.linear = pack_linear(*linear, source_order, target_order);
    } else if (const auto* conv = std::get_if<Conv2d>(&projection.layer)) {
        plan.kind = ProjectionKind::Conv;
        plan.conv = pack_conv(*conv, source_order, target_order);
    } else {
        plan.kind = ProjectionKind::Pool;
        plan.pool = pack_pool(std::get<AvgPool2d>(projection.layer), source_order, target_order);
    }
    return plan;
}

AlignedBuffer<float> spread(const std::vector<float>& values, const PopulationPlan& plan,
                            float padding) {
    AlignedBuffer<float> result(static_cast<std::size_t>(plan.padded()), padding);
    for (std::int64_t i = 0; i < plan.num_neurons; ++i) {
        result[static_cast<std::size_t>(i)] =
            values.size() == 1 ? values[0]
                               : values[static_cast<std::size_t>(plan.order.external(i))];
    }
    return result;
}

// Sum of the biases of all projections, by neuron in internal order; exact, as all are on the grid.
std::vector<float> sum_biases(const Population& population, const PopulationPlan& plan) {
    std::vector<float> total;
    const auto add = [&](const std::vector<float>& bias, bool per_channel) {
        if (bias.empty()) {
            return;
        }
        total.resize(static_cast<std::size_t>(plan.num_neurons), 0.0F);
        const std::int64_t positions = plan.num_neurons / population.shape[0];
        for (std::int64_t i = 0; i < plan.num_neurons; ++i) {
            const std::int64_t neuron = plan.order.external(i);
            total[static_cast<std::size_t>(i)] +=
                bias[static_cast<std::size_t>(per_channel ? neuron / positions : neuron)];
        }
    };
    for (const Projection& projection : population.projections) {
        if (const auto* linear = std::get_if<Linear>(&projection.layer)) {
            add(linear->bias, false);
        } else if (const auto* conv = std::get_if<Conv2d>(&projection.layer)) {
            add(conv->bias, true);
        }
    }
    return total;
}

PopulationPlan plan_population(const Population& population) {
    PopulationPlan plan(population.shape);
    plan.num_neurons = plan.order.num_neurons;
    plan.num_words = num_mask_words(plan.num_neurons);
    plan.threshold = spread(population.threshold, plan, std::numeric_limits<float>::infinity());
    plan.initial_potential = spread(population.initial_potential, plan, 0.0F);
    plan.reset = population.reset;
    plan.refractory_period = population.refractory_period;
    plan.bias = sum_biases(population, plan);
    if (!plan.bias.empty()) {
        const std::int64_t group_size =
            plan.num_neurons / static_cast<std::int64_t>(population.grid.size());
        for (std::int64_t i = 0; i < plan.num_neurons; ++i) {
            plan.grid.push_back(
                population.grid[static_cast<std::size_t>(plan.order.external(i) / group_size)]);
        }
    }
    return plan;
}

}  // namespace

Plan::Plan(const SpikingNetworkDescription& description) : input_order(description.input_shape) {
    std::unordered_map<std::string, int> index{{kInputName, 0}};
    largest_padded = num_mask_words(input_order.num_neurons) * kMaskBits;
    for (const Population& population : description.populations) {
        PopulationPlan plan = plan_population(population);
        for (const Projection& projection : population.projections) {
            const int source = index.at(projection.source);
            const NeuronOrder& source_order =
                source == 0 ? input_order : populations[static_cast<std::size_t>(source - 1)].order;
            plan.projections.push_back(
                plan_projection(projection, source, source_order, plan.order));
            plan.all_linear =
                plan.all_linear && plan.projections.back().kind == ProjectionKind::Linear;
        }
        num_neurons.push_back(plan.num_neurons);
        largest_padded = std::max(largest_padded, plan.padded());
        populations.push_back(std::move(plan));
        index.emplace(population.name, static_cast<int>(populations.size()));
    }
}

}  // namespace pysnn::detail
