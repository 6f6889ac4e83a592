// A network arranged for forward passes: which step a node takes, and how slots are shared.

#include "forward/packed_network.hpp"

#include <algorithm>
#include <set>
#include <variant>

#include "base/array.hpp"
#include "forward/steps/conv2d_step.hpp"
#include "forward/steps/copy_steps.hpp"
#include "forward/steps/elementwise_steps.hpp"
#include "forward/steps/linear_step.hpp"
#include "forward/steps/pool_step.hpp"
#include "network/graph.hpp"
#include "nodes/registry.hpp"

namespace pysnn::detail {
namespace {

/// Makes the step of each kind of node.
struct StepMaker {
    using Made = std::unique_ptr<Step>;

    Made operator()(const Linear& linear) const { return std::make_unique<LinearStep>(linear); }
    Made operator()(const Conv2d& conv) const {
        return std::make_unique<Conv2dStep>(conv, inputs.front(), output);
    }
    Made operator()(const AvgPool2d& pool) const {
        return std::make_unique<PoolStep>(pool, inputs.front(), output);
    }
    Made operator()(const MaxPool2d& pool) const {
        return std::make_unique<PoolStep>(pool, inputs.front(), output);
    }
    Made operator()(const Flatten&) const { return nullptr; }
    Made operator()(const BatchNorm& norm) const {
        return std::make_unique<BatchNormStep>(norm, output);
    }
    Made operator()(const ReLU& relu) const { return std::make_unique<ReluStep>(relu, output); }
    Made operator()(const Add&) const {
        return std::make_unique<AddStep>(detail::size_of(inputs), output);
    }
    Made operator()(const Concat&) const { return std::make_unique<ConcatStep>(inputs); }
    Made operator()(const Pad& pad) const {
        return std::make_unique<PadStep>(pad, inputs.front(), output);
    }
    Made operator()(const Affine& affine) const {
        return std::make_unique<AffineStep>(affine, output);
    }

    const std::vector<Shape>& inputs;
    const Shape& output;
};

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
        const Shape& shape = graph.shapes.data()[i];
        PackedNode packed;
        std::vector<Shape> input_shapes;
        for (const std::int64_t source : graph.sources.data()[i]) {
            packed.sources.push_back(source == kInputIndex ? 0 : nodes_.data()[source].slot);
            input_shapes.push_back(shape_of(network, graph, source));
        }
        packed.where = where_of(node);
        packed.step = std::visit(StepMaker{input_shapes, shape}, node.node);
        packed.relu = has_activation(node.node) && node.activation == Activation::ReLU;
        packed.channels = shape.front();
        packed.features = num_elements(shape);
        packed.slot = packed.step == nullptr ? packed.sources.front() : i + 1;
        for (const std::int64_t value : packed.sources) {
            last_reader.data()[value] = i;
        }
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
        // The values that nobody reads behind this node.
        std::set<std::int64_t> last_read;
        for (std::int64_t& source : node.sources) {
            if (last_reader.data()[source] == index) {
                last_read.insert(source);
            }
            source = slot_of.data()[source];
        }
        const std::int64_t value = node.slot;
        if (node.step != nullptr && node.step->works_in_place() && !last_read.empty()) {
            slot_of.data()[value] = slot_of.data()[*last_read.begin()];
            last_read.erase(last_read.begin());
        } else if (node.step != nullptr) {
            slot_of.data()[value] = slots.take(node.features);
        }
        node.slot = slot_of.data()[value];
        if (last_reader.data()[value] == index) {
            last_read.insert(value);
        }
        for (const std::int64_t each : last_read) {
            slots.give_back(slot_of.data()[each]);
        }
        ++index;
    }
}

}  // namespace pysnn::detail
