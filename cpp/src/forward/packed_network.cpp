// A network arranged for forward passes: which step a node takes, and how slots are shared.

#include "forward/packed_network.hpp"

#include <algorithm>
#include <variant>

#include "base/array.hpp"
#include "base/overloaded.hpp"
#include "forward/steps/conv2d_step.hpp"
#include "forward/steps/linear_step.hpp"
#include "forward/steps/pool_step.hpp"
#include "network/graph.hpp"
#include "nodes/registry.hpp"

namespace pysnn::detail {
namespace {

std::unique_ptr<Step> make_step(const Node& node, const Shape& input_shape,
                                const Shape& output_shape) {
    using Made = std::unique_ptr<Step>;
    return std::visit(
        Overloaded{
            [](const Linear& linear) -> Made { return std::make_unique<LinearStep>(linear); },
            [&](const Conv2d& conv) -> Made {
                return std::make_unique<Conv2dStep>(conv, input_shape, output_shape);
            },
            [&](const AvgPool2d& pool) -> Made {
                return std::make_unique<PoolStep>(pool, input_shape, output_shape);
            },
            [](const Flatten&) -> Made { return nullptr; },
        },
        node);
}

/// Hands out slots, and takes them back behind the last node that reads them.
class SlotPlan {
  public:
    explicit SlotPlan(std::vector<std::int64_t>& features) : features_(features) {}

    std::int64_t take(std::int64_t features) {
        // The largest that is free: it needs to grow least.
        const auto largest =
            std::max_element(free_.begin(), free_.end(), [this](std::int64_t a, std::int64_t b) {
                return features_.data()[a] < features_.data()[b];
            });
        std::int64_t slot = detail::size_of(features_);
        if (largest == free_.end()) {
            features_.push_back(0);
        } else {
            slot = *largest;
            free_.erase(largest);
        }
        features_.data()[slot] = std::max(features_.data()[slot], features);
        return slot;
    }

    void give_back(std::int64_t slot) { free_.push_back(slot); }

  private:
    std::vector<std::int64_t>& features_;
    std::vector<std::int64_t> free_;
};

}  // namespace

PackedNetwork::PackedNetwork(const Network& network) : input_shape_(network.input_shape) {
    const Graph graph = make_graph(network);
    num_inputs_ = num_elements(input_shape_);
    shapes_ = graph.shapes;
    const std::int64_t num_nodes = detail::size_of(network.nodes);
    // Value 0 is the input, value i + 1 that of node i; a node without a step has its source's. As
    // long as every value has a slot of its own, both have one number.
    std::vector<std::int64_t> last_reader(network.nodes.size() + 1, -1);  // of each value
    for (std::int64_t i = 0; i < num_nodes; ++i) {
        const NetworkNode& node = network.nodes.data()[i];
        const std::int64_t source = graph.sources.data()[i].front();
        const bool reads_input = source == kInputIndex;
        const Shape& shape = graph.shapes.data()[i];
        PackedNode packed;
        packed.where = where_of(node);
        packed.step = make_step(
            node.node, reads_input ? network.input_shape : graph.shapes.data()[source], shape);
        packed.relu = has_activation(node.node) && node.activation == Activation::ReLU;
        packed.channels = shape.front();
        packed.features = num_elements(shape);
        packed.source = reads_input ? 0 : nodes_.data()[source].slot;
        packed.slot = packed.step == nullptr ? packed.source : i + 1;
        last_reader.data()[packed.source] = i;
        last_reader.data()[packed.slot] = i;
        nodes_.push_back(std::move(packed));
    }
    share_slots(last_reader);
}

void PackedNetwork::share_slots(const std::vector<std::int64_t>& last_reader) {
    SlotPlan slots(slot_features_);
    std::vector<std::int64_t> slot_of(last_reader.size(), -1);
    slot_of.front() = slots.take(num_inputs_);
    std::int64_t index = 0;
    for (PackedNode& node : nodes_) {
        const std::int64_t source = node.source;
        const std::int64_t value = node.slot;
        if (node.step != nullptr) {
            slot_of.data()[value] = slots.take(node.features);
        }
        node.source = slot_of.data()[source];
        node.slot = slot_of.data()[value];
        if (last_reader.data()[source] == index) {
            slots.give_back(node.source);
        }
        if (node.step != nullptr && last_reader.data()[value] == index) {
            slots.give_back(node.slot);
        }
        ++index;
    }
}

}  // namespace pysnn::detail
