// One batch of samples on its way through a network whose values are cut off at thresholds.

#include "calibration/balanced_batch.hpp"

#include <algorithm>

#include "base/array.hpp"
#include "calibration/reading_observer.hpp"
#include "forward/kernels/kernels.hpp"

namespace pysnn::detail {

BalancedBatch::BalancedBatch(const PackedNetwork& network, const std::vector<Reading>& readings,
                             const Offsets& offsets, std::int64_t size)
    : network_(network),
      readings_(readings),
      offsets_(offsets),
      size_(size),
      samples_(to_size(size * network.num_inputs())),
      thresholds_(to_size(offsets.total), 0.0),
      lanes_(to_size(forward_kernels().lanes)),
      excess_(to_size(size)) {
    task_.x = samples_.data();
    task_.num_samples = size;
    task_.find_faults = true;
    const std::int64_t lanes = forward_kernels().lanes;
    for (std::int64_t first = 0; first < size; first += lanes) {
        Part& part = parts_.emplace_back();
        part.first = first;
        part.num_samples = std::min(lanes, size - first);
        part.worker = std::make_unique<ForwardWorker>(network, task_);
    }
}

void BalancedBatch::load(const float* x, std::int64_t num_samples, std::int64_t first) {
    const std::int64_t num_inputs = network_.num_inputs();
    for (std::int64_t i = 0; i < size_; ++i) {
        std::copy_n(x + (first + i) % num_samples * num_inputs, num_inputs,
                    samples_.data() + i * num_inputs);
    }
    for (Part& part : parts_) {
        part.worker->load(part.first, part.num_samples);
    }
    done_ = 0;
}

void BalancedBatch::run_to(std::int64_t node, const Pulse& pulse) {
    for (Part& part : parts_) {
        if (done_ > 0) {
            // The thresholds that rose there were not known until now.
            cut_off(part, done_ - 1, done_ - 1);
        }
        for (std::int64_t i = done_; i <= node && !pulse.stopped(); ++i) {
            part.worker->run_node(i, pulse);
            cut_off(part, i, i - 1);
        }
    }
    done_ = node + 1;
}

// At the thresholds of readings of nodes up to `last_read`.
void BalancedBatch::cut_off(Part& part, std::int64_t node, std::int64_t last_read) {
    for (std::int64_t i = 0; i < size_of(readings_); ++i) {
        const Reading& reading = readings_.data()[i];
        if (reading.cut_node != node || reading.node > last_read) {
            continue;
        }
        const std::int64_t positions = network_.nodes().data()[node].features / reading.channels;
        const std::int64_t size = positions * forward_kernels().lanes;
        float* values = part.worker->values(node);
        for (std::int64_t channel = 0; channel < reading.channels; ++channel) {
            const auto most = static_cast<float>(thresholds_.data()[offsets_.of(i) + channel]);
            const float least = reading.look == Look::Magnitude ? -most : 0.0F;
            for (std::int64_t k = channel * size; k < (channel + 1) * size; ++k) {
                const float below = values[k] < most ? values[k] : most;
                values[k] = below > least ? below : least;
            }
        }
    }
}

void BalancedBatch::raise(std::vector<double>& thresholds) {
    for (std::int64_t i = 0; i < size_of(readings_); ++i) {
        const Reading& reading = readings_.data()[i];
        if (reading.node != done_ - 1) {
            continue;
        }
        for (std::int64_t channel = 0; channel < reading.channels; ++channel) {
            const std::int64_t index = offsets_.of(i) + channel;
            double& threshold = thresholds.data()[index];
            threshold += 2.0 * mean_excess(i, channel, threshold);
            thresholds_.data()[index] = threshold;
        }
    }
}

double BalancedBatch::mean_excess(std::int64_t index, std::int64_t channel, double threshold) {
    const Reading& reading = readings_.data()[index];
    const std::int64_t positions = positions_of(network_, reading);
    const std::int64_t size = positions * forward_kernels().lanes;
    looked_at_.resize(to_size(std::max(size, size_of(looked_at_))));
    for (Part& part : parts_) {
        take_look(reading, part.worker->values(reading.node) + channel * size, size,
                  looked_at_.data());
        add_excess(part, positions, threshold);
    }
    double sum = 0.0;
    for (const double of_sample : excess_) {
        sum += of_sample;
    }
    return sum / static_cast<double>(size_ * positions);
}

void BalancedBatch::add_excess(Part& part, std::int64_t positions, double threshold) {
    const std::int64_t lanes = forward_kernels().lanes;
    std::fill(lanes_.begin(), lanes_.end(), 0.0);
    double* sums = lanes_.data();
    for (std::int64_t i = 0; i < positions; ++i) {
        const float* row = looked_at_.data() + i * lanes;
        for (std::int64_t lane = 0; lane < lanes; ++lane) {
            const double above = row[lane] - threshold;
            sums[lane] += above > 0.0 ? above : 0.0;
        }
    }
    std::copy_n(sums, part.num_samples, excess_.data() + part.first);
}

ForwardFault BalancedBatch::fault() const {
    ForwardFault fault;
    for (const Part& part : parts_) {
        fault.merge(part.worker->fault());
    }
    return fault;
}

}  // namespace pysnn::detail
