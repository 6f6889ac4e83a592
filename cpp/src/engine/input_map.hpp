// What the numbers of a sample stand for.
#pragma once

#include <cstdint>
#include <pysnn/spiking_network.hpp>
#include <vector>

namespace pysnn::detail {

/// The InputRange of a network.
class InputMap {
  public:
    /// Args:
    ///     network: must outlive the map.
    explicit InputMap(const SpikingNetworkDescription& network)
        : input_(network.input),
          num_channels_(network.input_shape.front()),
          num_inputs_(num_elements(network.input_shape)) {}

    const InputRange& range() const { return input_; }
    std::int64_t num_inputs() const { return num_inputs_; }

    /// Whether numbers stand for themselves and are in [0, 1].
    bool is_plain() const {
        return !input_.is_signed && input_.scale == 1.0 && input_.affine_scale.empty();
    }

    /// Calls visit(input, x') for a sample x (num_inputs) in its order.
    template <typename Visit>
    void for_each(const float* x, Visit visit) const {
        if (input_.affine_scale.empty()) {
            for (std::int64_t i = 0; i < num_inputs_; ++i) {
                visit(i, double{x[i]});
            }
            return;
        }
        const std::int64_t size = num_inputs_ / num_channels_;
        for (std::int64_t channel = 0; channel < num_channels_; ++channel) {
            const double scale = of_channel(input_.affine_scale, channel);
            const double shift = of_channel(input_.affine_shift, channel);
            for (std::int64_t i = channel * size; i < (channel + 1) * size; ++i) {
                visit(i, x[i] * scale + shift);
            }
        }
    }

    /// Writes x' / scale: numbers of which 1 is the network's largest.
    void write_fractions(const float* x, double* fractions) const {
        for_each(x, [&](std::int64_t i, double value) { fractions[i] = value / input_.scale; });
    }

  private:
    static double of_channel(const std::vector<double>& values, std::int64_t channel) {
        return values.size() == 1 ? values.front() : values.data()[channel];
    }

    const InputRange& input_;
    std::int64_t num_channels_;
    std::int64_t num_inputs_;
};

}  // namespace pysnn::detail
