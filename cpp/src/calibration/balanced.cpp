// Thresholds that rise by their excess, batch by batch (Bu et al. 2025).

#include <algorithm>
#include <pysnn/calibration.hpp>
#include <stdexcept>
#include <string>

#include "base/array.hpp"
#include "calibration/reading_observer.hpp"
#include "calibration/readings.hpp"
#include "forward/kernels/kernels.hpp"
#include "forward/run_task.hpp"
#include "platform/parallel.hpp"

namespace pysnn {
namespace detail {
namespace {

/// The thresholds of all readings, and the batch that they are looked for with.
class Balance {
  public:
    Balance(const PackedNetwork& network, const std::vector<Reading>& readings,
            std::int64_t batch_size, int num_threads, Watch& watch)
        : network_(network),
          readings_(readings),
          offsets_(readings, [](const Reading&) { return 1; }),
          batch_size_(batch_size),
          num_threads_(num_threads),
          watch_(watch),
          thresholds_(to_size(offsets_.total), 0.0),
          excess_(to_size(batch_size * offsets_.total)),
          batch_(to_size(batch_size * network.num_inputs())) {
        task_.x = batch_.data();
        task_.num_samples = batch_size;
        task_.find_faults = true;
        const std::int64_t lanes = forward_kernels().lanes;
        for (std::int64_t first = 0; first < batch_size; first += lanes) {
            Part& part = parts_.emplace_back();
            part.first = first;
            part.num_samples = std::min(lanes, batch_size - first);
            part.worker = std::make_unique<ForwardWorker>(network, task_);
        }
        for (std::int64_t i = 0; i < size_of(readings); ++i) {
            order_.push_back(i);
        }
        std::stable_sort(order_.begin(), order_.end(), [&](std::int64_t a, std::int64_t b) {
            return readings.data()[a].node < readings.data()[b].node;
        });
    }

    /// Takes the next samples, `first` of all of them and those behind it.
    void update(const float* x, std::int64_t num_samples, std::int64_t first) {
        const std::int64_t size = network_.num_inputs();
        for (std::int64_t i = 0; i < batch_size_; ++i) {
            std::copy_n(x + (first + i) % num_samples * size, size, batch_.data() + i * size);
        }
        std::int64_t done = 0;  // nodes that have run
        for (std::size_t i = 0; i < order_.size();) {
            const std::int64_t node = readings_.data()[order_[i]].node;
            for_each_part([&](Part& part, const Pulse& pulse) {
                run_nodes(part, done, node + 1, pulse);
                look_at(part, node);
            });
            if (watch_.stopped()) {
                return;
            }
            for (; i < order_.size() && readings_.data()[order_[i]].node == node; ++i) {
                raise(order_[i]);
            }
            done = node + 1;
        }
        check(num_samples, first);
    }

    std::vector<std::vector<double>> thresholds() const { return offsets_.split(thresholds_); }

  private:
    /// A bundle of the batch.
    struct Part {
        std::int64_t first = 0;
        std::int64_t num_samples = 0;
        std::unique_ptr<ForwardWorker> worker;
        std::vector<float> looked_at;  // values of a channel
        std::vector<double> sums;      // of its samples' excess
    };

    template <typename Body>
    void for_each_part(const Body& body) {
        parallel_for(
            size_of(parts_), num_threads_, [&] { watch_.poll(); },
            [&](std::int64_t item, Worker self) {
                const Pulse pulse(watch_, self.is_caller);
                if (!pulse.stopped()) {
                    body(parts_.data()[item], pulse);
                }
            });
    }

    // Nodes from `begin` on. What the node before `begin` is read for was not known until now.
    void run_nodes(Part& part, std::int64_t begin, std::int64_t end, const Pulse& pulse) {
        if (begin == 0) {
            part.worker->load(part.first, part.num_samples);
        } else {
            cut_off(part, begin - 1, begin - 1);
        }
        for (std::int64_t node = begin; node < end && !pulse.stopped(); ++node) {
            part.worker->run_node(node, pulse);
            cut_off(part, node, node - 1);
        }
    }

    // At the thresholds of readings of nodes up to `last_read`.
    void cut_off(Part& part, std::int64_t node, std::int64_t last_read) {
        const std::int64_t lanes = forward_kernels().lanes;
        for (std::int64_t i = 0; i < size_of(readings_); ++i) {
            const Reading& reading = readings_.data()[i];
            if (reading.cut_node != node || reading.node > last_read) {
                continue;
            }
            const std::int64_t size =
                network_.nodes().data()[node].features / reading.channels * lanes;
            float* values = part.worker->values(node);
            for (std::int64_t channel = 0; channel < reading.channels; ++channel) {
                const auto most = static_cast<float>(thresholds_.data()[offsets_.of(i) + channel]);
                const float least = reading.look == Look::Magnitude ? -most : 0.0F;
                for (std::int64_t k = 0; k < size; ++k) {
                    float& value = values[channel * size + k];
                    value = value < most ? value : most;
                    value = value > least ? value : least;
                }
            }
        }
    }

    // Finds each sample's excess over the thresholds of the readings of a node.
    void look_at(Part& part, std::int64_t node) {
        const std::int64_t lanes = forward_kernels().lanes;
        for (std::int64_t i = 0; i < size_of(readings_); ++i) {
            const Reading& reading = readings_.data()[i];
            if (reading.node != node) {
                continue;
            }
            const std::int64_t positions = positions_of(network_, reading);
            part.looked_at.resize(to_size(positions * lanes));
            for (std::int64_t channel = 0; channel < reading.channels; ++channel) {
                take_look(reading, part.worker->values(node) + channel * positions * lanes,
                          positions * lanes, part.looked_at.data());
                add_excess(part, offsets_.of(i) + channel, positions);
            }
        }
    }

    void add_excess(Part& part, std::int64_t index, std::int64_t positions) {
        const std::int64_t lanes = forward_kernels().lanes;
        const double threshold = thresholds_.data()[index];
        part.sums.assign(to_size(lanes), 0.0);
        double* sums = part.sums.data();
        for (std::int64_t i = 0; i < positions; ++i) {
            for (std::int64_t lane = 0; lane < lanes; ++lane) {
                const double above =
                    static_cast<double>(part.looked_at.data()[i * lanes + lane]) - threshold;
                sums[lane] += above > 0.0 ? above : 0.0;
            }
        }
        for (std::int64_t lane = 0; lane < part.num_samples; ++lane) {
            excess_.data()[index * batch_size_ + part.first + lane] = sums[lane];
        }
    }

    void raise(std::int64_t reading) {
        const std::int64_t channels = readings_.data()[reading].channels;
        const std::int64_t positions = positions_of(network_, readings_.data()[reading]);
        const auto num_values = static_cast<double>(batch_size_ * positions);
        for (std::int64_t channel = 0; channel < channels; ++channel) {
            const std::int64_t index = offsets_.of(reading) + channel;
            const double* of_samples = excess_.data() + index * batch_size_;
            double sum = 0.0;
            for (std::int64_t i = 0; i < batch_size_; ++i) {
                sum += of_samples[i];
            }
            thresholds_.data()[index] += 2.0 * (sum / num_values);
        }
    }

    // Samples count within the batch until here.
    void check(std::int64_t num_samples, std::int64_t first) {
        ForwardFault fault;
        for (const Part& part : parts_) {
            fault.merge(part.worker->fault());
        }
        if (fault.sample != ForwardFault::kNone) {
            fault.sample = (first + fault.sample) % num_samples;
            check_finite(network_, fault);
        }
    }

    const PackedNetwork& network_;
    const std::vector<Reading>& readings_;
    const Offsets offsets_;
    const std::int64_t batch_size_;
    const int num_threads_;
    Watch& watch_;
    std::vector<double> thresholds_;
    std::vector<double> excess_;  // (channels of all readings, samples of the batch)
    std::vector<float> batch_;
    ForwardTask task_;
    std::vector<Part> parts_;
    std::vector<std::int64_t> order_;  // readings by node
};

void check_cuts(const PackedNetwork& network, const std::vector<Reading>& readings) {
    for (const Reading& reading : readings) {
        const bool is_node =
            reading.cut_node >= reading.node && reading.cut_node < size_of(network.nodes());
        if (!is_node || network.nodes().data()[reading.cut_node].features % reading.channels != 0) {
            throw std::invalid_argument(
                "a reading of node " + std::to_string(reading.node) + " has cut_node " +
                std::to_string(reading.cut_node) +
                ", expected that node or one behind it whose elements its channels divide");
        }
    }
}

}  // namespace
}  // namespace detail

std::vector<std::vector<double>> Calibration::balanced(const float* x, std::int64_t num_samples,
                                                       const std::vector<Reading>& readings,
                                                       std::int64_t num_updates,
                                                       const ForwardOptions& options) const {
    detail::check_samples(x, num_samples, 1);
    detail::check_readings(*packed_, readings);
    detail::check_cuts(*packed_, readings);
    if (num_updates < 1) {
        throw std::invalid_argument("num_updates is " + std::to_string(num_updates) +
                                    ", expected at least 1");
    }
    const std::int64_t batch_size = std::min(kBatch, num_samples);
    detail::Watch watch(options.progress, options.should_stop, static_cast<double>(num_updates));
    detail::Balance balance(*packed_, readings, batch_size,
                            detail::resolve_num_threads(options.num_threads), watch);
    for (std::int64_t i = 0; i < num_updates && !watch.stopped(); ++i) {
        balance.update(x, num_samples, i * batch_size % num_samples);
        watch.add(1);
    }
    watch.finish();
    return balance.thresholds();
}

}  // namespace pysnn
