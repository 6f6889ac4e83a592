// The reference simulator in plain C++ loops: what the core must equal bit for bit.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <pysnn/pysnn.hpp>
#include <string>
#include <vector>

/// Slow and obvious: one sample, step by step over all populations, one synapse at a time, in
/// float32.
///
/// Reads the rounded weights of a SpikingNetwork; uses nothing else of the core.
class ReferenceSimulation {
  public:
    ReferenceSimulation(const pysnn::SpikingNetwork& network, double dt, double bias_scale)
        : description_(network.description()), dt_(dt), bias_scale_(bias_scale) {
        for (const pysnn::Population& population : description_.populations) {
            const auto n = static_cast<std::size_t>(pysnn::num_elements(population.shape));
            for (std::size_t i = 0; i < n; ++i) {
                potential_[population.name].push_back(of(population.initial_potential, i, n));
            }
            resting_[population.name].assign(n, 0);
            sent_[population.name].assign(n, 0);
        }
    }

    /// Adds the current of inputs without spikes to every later step.
    ///
    /// Args:
    ///     x: (num_inputs) in the network's InputRange.
    ///     scale: max_rate * dt.
    void hold(const std::vector<float>& x, double scale) {
        std::vector<double> units;
        for (const double fraction : fractions_of(description_, x)) {
            units.push_back(std::nearbyint(fraction * scale * kUnitsOfOne));
        }
        for (const pysnn::Population& population : description_.populations) {
            const auto n = static_cast<std::size_t>(pysnn::num_elements(population.shape));
            if (population.neuron == pysnn::NeuronModel::MaxPool) {
                continue;
            }
            std::vector<double> sum(n, 0.0);
            std::vector<double> bias(n, 0.0);
            for (const pysnn::Projection& projection : population.projections) {
                if (projection.source == pysnn::kInputName) {
                    add(projection.synapses, units, description_.input_shape, population.shape, sum,
                        bias);
                }
            }
            std::vector<float>& held = held_[population.name];
            for (std::size_t i = 0; i < n; ++i) {
                const auto grid = static_cast<double>(of(population.grid, i, n));
                held.push_back(
                    static_cast<float>(std::nearbyint(sum[i] / kUnitsOfOne / grid) * grid));
            }
        }
    }

    /// What each x of a sample stands for, in parts of the network's largest input.
    static std::vector<double> fractions_of(const pysnn::SpikingNetworkDescription& network,
                                            const std::vector<float>& x) {
        const pysnn::InputRange& input = network.input;
        const std::size_t channels = at(network.input_shape[0]);
        const auto of_channel = [&](const std::vector<double>& values, std::size_t i) {
            return values.size() == 1 ? values[0] : values[i / (x.size() / channels)];
        };
        std::vector<double> fractions;
        for (std::size_t i = 0; i < x.size(); ++i) {
            double value = x[i];
            if (!input.affine_scale.empty()) {
                value *= of_channel(input.affine_scale, i);
                value += of_channel(input.affine_shift, i);
            }
            fractions.push_back(value / input.scale);
        }
        return fractions;
    }

    /// Spikes of the last population in the next step.
    std::vector<std::int8_t> step(const std::vector<std::int8_t>& input) {
        spikes_ = {{pysnn::kInputName, input}};
        std::map<std::string, pysnn::Shape> shapes{{pysnn::kInputName, description_.input_shape}};
        for (const pysnn::Population& population : description_.populations) {
            const auto n = static_cast<std::size_t>(pysnn::num_elements(population.shape));
            std::vector<float> current(n, 0.0F);
            std::vector<float> bias(n, 0.0F);
            std::int64_t& operations = operations_[population.name];
            for (const pysnn::Projection& projection : population.projections) {
                operations += add(projection.synapses, spikes_.at(projection.source),
                                  shapes.at(projection.source), population.shape, current, bias);
            }
            std::vector<std::int8_t> fired(n, 0);
            if (population.neuron == pysnn::NeuronModel::MaxPool) {
                fired = pooled_maximum(population, shapes);
            }
            for (std::size_t i = 0; population.neuron != pysnn::NeuronModel::MaxPool && i < n;
                 ++i) {
                if (!population.bias.empty()) {
                    bias[i] += of(population.bias, i, n);
                }
                const float grid = of(population.grid, i, n);
                const double units =
                    std::nearbyint(static_cast<double>(bias[i] / grid) * bias_scale_);
                const float held = held_.empty() ? 0.0F : held_.at(population.name)[i];
                current[i] += static_cast<float>(units) * grid + held;
                fired[i] = static_cast<std::int8_t>(update(population, i, n, current[i]));
            }
            spikes_[population.name] = fired;
            shapes[population.name] = population.shape;
        }
        ++next_step_;
        return spikes_.at(description_.populations.back().name);
    }

    /// Spikes of a population in the last step.
    const std::vector<std::int8_t>& spikes(const std::string& name) const {
        return spikes_.at(name);
    }
    const std::vector<float>& potential(const std::string& name) const {
        return potential_.at(name);
    }
    /// Synapses of a population that spikes have reached so far.
    std::int64_t operations(const std::string& name) const { return operations_.at(name); }

  private:
    static constexpr double kUnitsOfOne = 16777216.0;  // 2^24

    // Of one value for all, one per channel or one per neuron, that of neuron i of n.
    static float of(const std::vector<float>& values, std::size_t i, std::size_t n) {
        return values[i / (n / values.size())];
    }

    // The spike of a neuron: -1, 0 or 1.
    int update(const pysnn::Population& population, std::size_t i, std::size_t n, float current) {
        float& v = potential_[population.name][i];
        int& resting = resting_[population.name][i];
        std::int32_t& sent = sent_[population.name][i];
        const float threshold = of(population.threshold, i, n);
        if (population.neuron == pysnn::NeuronModel::Readout) {
            v += next_step_ >= population.delay ? current : 0.0F;
            return 0;
        }
        if (population.neuron == pysnn::NeuronModel::Leaky) {
            v = of(population.leak, i, n) * v;
        }
        if (resting > 0) {
            --resting;
        } else {
            v += current;
        }
        if (v >= threshold) {
            v = population.reset == pysnn::ResetMode::Zero ? 0.0F : v - threshold;
            resting = static_cast<int>(std::nearbyint(population.refractory_period / dt_));
            ++sent;
            return 1;
        }
        const bool takes_back = population.neuron == pysnn::NeuronModel::Signed && sent > 0 &&
                                v < -of(population.negative_threshold, i, n);
        if (takes_back || (population.neuron == pysnn::NeuronModel::Bipolar && v <= -threshold)) {
            v += threshold;
            --sent;
            return -1;
        }
        return 0;
    }

    // The spikes of a max pool, after which each count is the largest of its window's.
    std::vector<std::int8_t> pooled_maximum(const pysnn::Population& population,
                                            const std::map<std::string, pysnn::Shape>& shapes) {
        const pysnn::Projection& projection = population.projections.front();
        const auto& pool = std::get<pysnn::MaxPoolSynapses>(projection.synapses);
        const pysnn::Shape& source = shapes.at(projection.source);
        const pysnn::Shape& target = population.shape;
        const std::vector<std::int8_t>& inputs = spikes_.at(projection.source);
        std::vector<std::int32_t>& counts = received_[population.name];
        counts.resize(inputs.size(), 0);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            counts[i] += inputs[i];
        }
        std::vector<std::int32_t>& sent = sent_[population.name];
        std::vector<std::int32_t> largest(sent.size(), INT32_MIN);
        for_windows(pool.kernel_size, pool.stride, pool.padding, pool.dilation, source, target,
                    [&](std::int64_t to, std::int64_t from, std::int64_t) {
                        for (std::int64_t c = 0; c < source[0]; ++c) {
                            std::int32_t& most = largest[at(c * target[1] * target[2] + to)];
                            const std::int64_t i = c * source[1] * source[2] + from;
                            most = std::max(most, counts[at(i)]);
                            operations_[population.name] += inputs[at(i)] != 0 ? 1 : 0;
                        }
                    });
        std::vector<std::int8_t> fired(sent.size(), 0);
        for (std::size_t i = 0; i < sent.size(); ++i) {
            fired[i] = static_cast<std::int8_t>(largest[i] > sent[i]   ? 1
                                                : largest[i] < sent[i] ? -1
                                                                       : 0);
            sent[i] += fired[i];
        }
        return fired;
    }

    // Adds weights times inputs, spikes (-1, 0 or 1) or any numbers; returns how many synapses
    // those that are not 0 reach.
    template <typename Input, typename Sum>
    static std::int64_t add(const pysnn::Synapses& synapses, const std::vector<Input>& inputs,
                            const pysnn::Shape& source, const pysnn::Shape& target,
                            std::vector<Sum>& current, std::vector<Sum>& bias) {
        if (const auto* linear = std::get_if<pysnn::Linear>(&synapses)) {
            return add(*linear, inputs, current, bias);
        }
        if (const auto* conv = std::get_if<pysnn::Conv2d>(&synapses)) {
            return add(*conv, inputs, source, target, current, bias);
        }
        if (const auto* pool = std::get_if<pysnn::PoolSynapses>(&synapses)) {
            return add(*pool, inputs, source, target, current);
        }
        if (const auto* identity = std::get_if<pysnn::IdentitySynapses>(&synapses)) {
            return add(*identity, inputs, source, target, current);
        }
        return 0;  // a max pool adds nothing
    }

    template <typename Input, typename Sum>
    static std::int64_t add(const pysnn::Linear& linear, const std::vector<Input>& inputs,
                            std::vector<Sum>& current, std::vector<Sum>& bias) {
        std::vector<std::size_t> fired;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            if (inputs[i] != 0) {
                fired.push_back(i);
            }
        }
        for (std::size_t j = 0; j < current.size(); ++j) {
            for (const std::size_t i : fired) {
                current[j] += static_cast<Sum>(linear.weight[j * inputs.size() + i]) *
                              static_cast<Sum>(inputs[i]);
            }
        }
        for (std::size_t j = 0; j < linear.bias.size(); ++j) {
            bias[j] += static_cast<Sum>(linear.bias[j]);
        }
        return static_cast<std::int64_t>(fired.size() * current.size());
    }

    template <typename Input, typename Sum>
    static std::int64_t add(const pysnn::Conv2d& conv, const std::vector<Input>& inputs,
                            const pysnn::Shape& source, const pysnn::Shape& target,
                            std::vector<Sum>& current, std::vector<Sum>& bias) {
        const std::int64_t plane = target[1] * target[2];
        const std::int64_t kernel_plane = conv.kernel_size[0] * conv.kernel_size[1];
        std::int64_t operations = 0;
        const std::int64_t group_in = source[0] / conv.groups;
        const std::int64_t group_out = target[0] / conv.groups;
        for_windows(conv.kernel_size, conv.stride, conv.padding, conv.dilation, source, target,
                    [&](std::int64_t to, std::int64_t from, std::int64_t entry) {
                        for (std::int64_t c = 0; c < source[0]; ++c) {
                            const Input input = inputs[at(c * source[1] * source[2] + from)];
                            if (input == 0) {
                                continue;
                            }
                            const std::int64_t first = c / group_in * group_out;
                            for (std::int64_t out = first; out < first + group_out; ++out) {
                                const std::int64_t w =
                                    (out * group_in + c % group_in) * kernel_plane + entry;
                                current[at(out * plane + to)] +=
                                    static_cast<Sum>(conv.weight[at(w)]) * static_cast<Sum>(input);
                                ++operations;
                            }
                        }
                    });
        for (std::int64_t j = 0; !conv.bias.empty() && j < target[0] * plane; ++j) {
            bias[at(j)] += static_cast<Sum>(conv.bias[at(j / plane)]);
        }
        return operations;
    }

    template <typename Input, typename Sum>
    static std::int64_t add(const pysnn::PoolSynapses& pool, const std::vector<Input>& inputs,
                            const pysnn::Shape& source, const pysnn::Shape& target,
                            std::vector<Sum>& current) {
        std::int64_t operations = 0;
        const auto n = current.size();
        for_windows(pool.kernel_size, pool.stride, pool.padding, {1, 1}, source, target,
                    [&](std::int64_t to, std::int64_t from, std::int64_t) {
                        for (std::int64_t c = 0; c < source[0]; ++c) {
                            const Input input = inputs[at(c * source[1] * source[2] + from)];
                            if (input != 0) {
                                const std::size_t i = at(c * target[1] * target[2] + to);
                                current[i] += static_cast<Sum>(of(pool.weight, i, n)) *
                                              static_cast<Sum>(input);
                                ++operations;
                            }
                        }
                    });
        return operations;
    }

    template <typename Input, typename Sum>
    static std::int64_t add(const pysnn::IdentitySynapses& identity,
                            const std::vector<Input>& inputs, pysnn::Shape source,
                            pysnn::Shape target, std::vector<Sum>& current) {
        source.resize(3, 1);  // a vector is an image of one pixel
        target.resize(3, 1);
        std::int64_t operations = 0;
        for_windows({1, 1}, identity.stride, identity.padding, {1, 1}, source, target,
                    [&](std::int64_t to, std::int64_t from, std::int64_t) {
                        for (std::int64_t c = 0; c < source[0]; ++c) {
                            const Input input = inputs[at(c * source[1] * source[2] + from)];
                            if (input != 0) {
                                const std::int64_t channel = identity.first_channel + c;
                                current[at(channel * target[1] * target[2] + to)] +=
                                    static_cast<Sum>(identity.weight[at(c)]) *
                                    static_cast<Sum>(input);
                                ++operations;
                            }
                        }
                    });
        return operations;
    }

    // Calls function(target position, source position, kernel entry) for all that lie inside.
    template <typename Function>
    static void for_windows(const std::array<std::int64_t, 2>& kernel,
                            const std::array<std::int64_t, 2>& stride,
                            const pysnn::Padding& padding,
                            const std::array<std::int64_t, 2>& dilation, const pysnn::Shape& source,
                            const pysnn::Shape& target, Function function) {
        for (std::int64_t to = 0; to < target[1] * target[2]; ++to) {
            for (std::int64_t entry = 0; entry < kernel[0] * kernel[1]; ++entry) {
                const std::int64_t y =
                    to / target[2] * stride[0] + entry / kernel[1] * dilation[0] - padding.top;
                const std::int64_t x =
                    to % target[2] * stride[1] + entry % kernel[1] * dilation[1] - padding.left;
                if (y >= 0 && x >= 0 && y < source[1] && x < source[2]) {
                    function(to, y * source[2] + x, entry);
                }
            }
        }
    }

    static std::size_t at(std::int64_t index) { return static_cast<std::size_t>(index); }

    const pysnn::SpikingNetworkDescription& description_;
    double dt_;
    double bias_scale_;
    std::map<std::string, std::vector<float>> held_;
    std::int64_t next_step_ = 0;
    std::map<std::string, std::vector<std::int8_t>> spikes_;
    std::map<std::string, std::int64_t> operations_;
    std::map<std::string, std::vector<float>> potential_;
    std::map<std::string, std::vector<int>> resting_;
    std::map<std::string, std::vector<std::int32_t>> sent_;      // less negative spikes
    std::map<std::string, std::vector<std::int32_t>> received_;  // by max pools, the same
};

/// Spikes by which the leading class is ahead of the runner-up; a single class leads by its own.
inline double lead_of(std::vector<std::int64_t> spike_counts) {
    if (spike_counts.size() == 1) {
        return static_cast<double>(spike_counts.front());
    }
    std::sort(spike_counts.begin(), spike_counts.end());
    return static_cast<double>(spike_counts.back() - spike_counts[spike_counts.size() - 2]);
}
