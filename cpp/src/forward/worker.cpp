// One thread's part of a forward pass: samples in, node by node, activations out.

#include "forward/worker.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/array.hpp"
#include "forward/kernels/kernels.hpp"
#include "forward/transpose.hpp"

namespace pysnn::detail {
namespace {

constexpr float kLowest = -std::numeric_limits<float>::infinity();

}  // namespace

void ForwardFault::merge(const ForwardFault& other) {
    if (std::tie(other.sample, other.node) < std::tie(sample, node)) {
        *this = other;
    }
}

ForwardWorker::ForwardWorker(const PackedNetwork& network, const ForwardTask& task)
    : network_(network), task_(task) {
    const std::int64_t lanes = forward_kernels().lanes;
    for (const std::int64_t features : network.slot_features()) {
        slots_.emplace_back(task.bundles * features * lanes);
    }
    lane_faults_.resize(lanes);
    unread_largest_.resize(lanes);
    if (task.find_largest) {
        for (const PackedNode& node : network.nodes()) {
            largest_.emplace_back(node.channels * lanes, kLowest);
        }
    }
    if (task.make_observer) {
        observer_ = task.make_observer();
    }
}

void ForwardWorker::run(std::int64_t first, std::int64_t num_samples, const Pulse& pulse) {
    load(first, num_samples);
    const std::int64_t num_nodes = size_of(network_.nodes());
    for (std::int64_t node = 0; node < num_nodes && !pulse.stopped(); ++node) {
        run_node(node, pulse);
    }
}

void ForwardWorker::end_block(std::int64_t block) {
    if (observer_ != nullptr) {
        observer_->end_block(block);
    }
}

void ForwardWorker::load(std::int64_t first, std::int64_t num_samples) {
    const std::int64_t lanes = forward_kernels().lanes;
    part_ = {first, num_samples, (num_samples + lanes - 1) / lanes};
    load_part();
}

void ForwardWorker::run_node(std::int64_t index, const Pulse& pulse) {
    const PackedNode& node = network_.nodes().data()[index];
    if (node.step != nullptr) {
        sources_.clear();
        for (const std::int64_t source : node.sources) {
            sources_.push_back(slots_.data()[source].data());
        }
        node.step->run(sources_.data(), slots_.data()[node.slot].data(), part_.num_bundles, pulse);
    }
    if (!pulse.stopped()) {
        finish(index);
        keep(index);
    }
}

void ForwardWorker::load_part() {
    const ForwardKernels& kernels = forward_kernels();
    const std::int64_t features = network_.num_inputs();
    float* bundle = slots_.front().data();
    for (std::int64_t done = 0; done < part_.num_samples; done += kernels.lanes) {
        const std::int64_t first = part_.first + done;
        const std::int64_t count = std::min(kernels.lanes, part_.num_samples - done);
        gather_samples(task_.x + first * features, count, features, kernels.lanes, bundle);
        std::fill(lane_faults_.begin(), lane_faults_.end(), 0.0F);
        kernels.scan(bundle, features, lane_faults_.data(), unread_largest_.data());
        look_for_fault(ForwardFault::kInput, first, count);
        bundle += features * kernels.lanes;
    }
}

// Applies ReLU, and finds out what is to be found about a node's values.
void ForwardWorker::finish(std::int64_t index) {
    const PackedNode& node = network_.nodes().data()[index];
    const bool find_faults = task_.find_faults || task_.find_largest;
    if (!node.relu && !find_faults && observer_ == nullptr) {
        return;
    }
    const ForwardKernels& kernels = forward_kernels();
    const std::int64_t channels = task_.find_largest ? node.channels : 1;
    const std::int64_t positions = node.features / channels;
    float* bundle = slots_.data()[node.slot].data();
    for (std::int64_t done = 0; done < part_.num_samples; done += kernels.lanes) {
        const std::int64_t count = std::min(kernels.lanes, part_.num_samples - done);
        std::fill(lane_faults_.begin(), lane_faults_.end(), 0.0F);
        if (node.relu) {
            if (observer_ != nullptr) {
                observer_->see(index, false, bundle, count);
            }
            kernels.relu(bundle, node.features, lane_faults_.data());
        }
        if (observer_ != nullptr) {
            observer_->see(index, true, bundle, count);
        }
        if (find_faults) {
            float* largest =
                task_.find_largest ? largest_.data()[index].data() : unread_largest_.data();
            for (std::int64_t channel = 0; channel < channels; ++channel) {
                kernels.scan(bundle + channel * positions * kernels.lanes, positions,
                             lane_faults_.data(), largest + channel * kernels.lanes);
            }
            look_for_fault(index, part_.first + done, count);
        }
        bundle += node.features * kernels.lanes;
    }
}

void ForwardWorker::keep(std::int64_t index) const {
    float* target = task_.activations.empty() ? nullptr : task_.activations.data()[index];
    if (target == nullptr) {
        return;
    }
    const std::int64_t lanes = forward_kernels().lanes;
    const PackedNode& node = network_.nodes().data()[index];
    const float* bundle = slots_.data()[node.slot].data();
    for (std::int64_t done = 0; done < part_.num_samples; done += lanes) {
        scatter_samples(bundle, std::min(lanes, part_.num_samples - done), node.features, lanes,
                        target + (part_.first + done) * node.features);
        bundle += node.features * lanes;
    }
}

void ForwardWorker::look_for_fault(std::int64_t node, std::int64_t first,
                                   std::int64_t num_samples) {
    for (std::int64_t i = 0; i < num_samples; ++i) {
        if (std::isnan(lane_faults_.data()[i])) {
            fault_.merge({first + i, node});
            return;
        }
    }
}

void ForwardWorker::raise_largest(std::int64_t node, std::vector<float>& largest) const {
    const std::int64_t lanes = forward_kernels().lanes;
    const float* found = largest_.data()[node].data();
    for (float& value : largest) {
        value = std::max(value, *std::max_element(found, found + lanes));
        found += lanes;
    }
}

}  // namespace pysnn::detail
