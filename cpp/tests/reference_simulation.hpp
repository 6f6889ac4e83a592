#pragma once

#include <algorithm>
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
                const std::vector<float>& initial = population.initial_potential;
                potential_[population.name].push_back(initial.size() == 1 ? initial[0]
                                                                          : initial[i]);
            }
            resting_[population.name].assign(n, 0);
        }
    }

    /// Spikes of the last population in the next step.
    std::vector<std::uint8_t> step(const std::vector<std::uint8_t>& input) {
        std::map<std::string, std::vector<std::uint8_t>> spikes{{pysnn::kInputName, input}};
        std::map<std::string, pysnn::Shape> shapes{{pysnn::kInputName, description_.input_shape}};
        for (const pysnn::Population& population : description_.populations) {
            const auto n = static_cast<std::size_t>(pysnn::num_elements(population.shape));
            std::vector<float> current(n, 0.0F);
            std::vector<float> bias(n, 0.0F);
            for (const pysnn::Projection& projection : population.projections) {
                add(projection.layer, spikes.at(projection.source), shapes.at(projection.source),
                    population.shape, current, bias);
            }
            std::vector<std::uint8_t> fired(n, 0);
            for (std::size_t i = 0; i < n; ++i) {
                const float grid = population.grid[i / (n / population.grid.size())];
                const double units =
                    std::nearbyint(static_cast<double>(bias[i] / grid) * bias_scale_);
                fired[i] =
                    update(population, i, current[i] + static_cast<float>(units) * grid) ? 1 : 0;
            }
            spikes[population.name] = fired;
            shapes[population.name] = population.shape;
        }
        return spikes.at(description_.populations.back().name);
    }

    const std::vector<float>& potential(const std::string& name) const {
        return potential_.at(name);
    }

  private:
    bool update(const pysnn::Population& population, std::size_t i, float current) {
        float& v = potential_[population.name][i];
        int& resting = resting_[population.name][i];
        const float threshold =
            population.threshold.size() == 1 ? population.threshold[0] : population.threshold[i];
        if (resting > 0) {
            --resting;
        } else {
            v += current;
        }
        if (!(v >= threshold)) {
            return false;
        }
        v = population.reset == pysnn::ResetMode::Zero ? 0.0F : v - threshold;
        resting = static_cast<int>(std::nearbyint(population.refractory_period / dt_));
        return true;
    }

    static void add(const pysnn::Layer& layer, const std::vector<std::uint8_t>& spikes,
                    const pysnn::Shape& source, const pysnn::Shape& target,
                    std::vector<float>& current, std::vector<float>& bias) {
        if (const auto* linear = std::get_if<pysnn::Linear>(&layer)) {
            for (std::size_t j = 0; j < current.size(); ++j) {
                for (std::size_t i = 0; i < spikes.size(); ++i) {
                    current[j] += spikes[i] != 0 ? linear->weight[j * spikes.size() + i] : 0.0F;
                }
                bias[j] += linear->bias.empty() ? 0.0F : linear->bias[j];
            }
            return;
        }
        const auto* conv = std::get_if<pysnn::Conv2d>(&layer);
        const auto* pool = std::get_if<pysnn::AvgPool2d>(&layer);
        const auto& kernel = conv != nullptr ? conv->kernel_size : pool->kernel_size;
        const auto& stride = conv != nullptr ? conv->stride : pool->stride;
        const std::array<std::int64_t, 2> none{0, 0};
        const auto& padding = conv != nullptr ? conv->padding : none;
        std::size_t j = 0;
        for (std::int64_t out = 0; out < target[0]; ++out) {
            for (std::int64_t y = 0; y < target[1]; ++y) {
                for (std::int64_t x = 0; x < target[2]; ++x, ++j) {
                    for (std::int64_t c = conv != nullptr ? 0 : out;
                         c < (conv != nullptr ? source[0] : out + 1); ++c) {
                        for (std::int64_t ky = 0; ky < kernel[0]; ++ky) {
                            for (std::int64_t kx = 0; kx < kernel[1]; ++kx) {
                                const std::int64_t sy = y * stride[0] + ky - padding[0];
                                const std::int64_t sx = x * stride[1] + kx - padding[1];
                                if (sy < 0 || sx < 0 || sy >= source[1] || sx >= source[2] ||
                                    spikes[static_cast<std::size_t>(
                                        (c * source[1] + sy) * source[2] + sx)] == 0) {
                                    continue;
                                }
                                const std::int64_t w =
                                    ((out * source[0] + c) * kernel[0] + ky) * kernel[1] + kx;
                                current[j] += conv != nullptr
                                                  ? conv->weight[static_cast<std::size_t>(w)]
                                                  : pool->weight[static_cast<std::size_t>(out)];
                            }
                        }
                    }
                    if (conv != nullptr && !conv->bias.empty()) {
                        bias[j] += conv->bias[static_cast<std::size_t>(out)];
                    }
                }
            }
        }
    }

    const pysnn::SpikingNetworkDescription& description_;
    double dt_;
    double bias_scale_;
    std::map<std::string, std::vector<float>> potential_;
    std::map<std::string, std::vector<int>> resting_;
};

/// Spikes by which the leading class is ahead of the runner-up; a single class leads by its own.
inline std::int64_t lead_of(std::vector<std::int64_t> spike_counts) {
    spike_counts.push_back(0);
    std::sort(spike_counts.begin(), spike_counts.end());
    return spike_counts.back() - spike_counts[spike_counts.size() - 2];
}
