// Tiles of neurons that the kernel benchmarks run.
#include "kernels_tile.hpp"

#include <algorithm>
#include <numeric>

#include "kernels_case.hpp"

namespace pysnn::benchmarks {

using detail::AlignedBuffer;
using detail::kMaskBits;

Tile::Tile(std::int64_t width, int num_rows)
    : width_(width),
      num_neurons_(width * num_rows),
      steps_(kNumSteps),
      initial_(static_cast<std::size_t>(num_neurons_)),
      potential_(static_cast<std::size_t>(num_neurons_)),
      threshold_(static_cast<std::size_t>(num_neurons_)) {
    std::iota(steps_.begin(), steps_.end(), std::uint16_t{0});
    for (std::int64_t i = 0; i < num_neurons_; ++i) {
        const auto at = static_cast<std::size_t>(i);
        initial_[at] = static_cast<float>(i % 7) / 8.0F;
        threshold_[at] = 1.0F + static_cast<float>(i % 3) / 4.0F;
    }
    masks_.resize(static_cast<std::size_t>(mask_row_stride() * num_rows));
    reset();
}

std::int64_t Tile::mask_row_stride() const {
    return (width_ + kMaskBits - 1) / kMaskBits * kNumSteps;
}

void Tile::reset() {
    std::copy_n(initial_.data(), num_neurons_, potential_.data());
    std::fill(masks_.begin(), masks_.end(), std::uint64_t{0});
}

detail::TileView Tile::view() {
    detail::TileView tile;
    tile.steps = steps_.data();
    tile.num_steps = kNumSteps;
    tile.width = width_;
    tile.neurons.potential = potential_.data();
    tile.neurons.threshold = threshold_.data();
    tile.masks = masks_.data();
    tile.mask_stride = kNumSteps;
    return tile;
}

void Tile::check(
    std::int64_t num_spikes,
    const std::function<float(std::int64_t step, std::int64_t neuron)>& current) const {
    std::int64_t expected_spikes = 0;
    for (std::int64_t neuron = 0; neuron < num_neurons_; ++neuron) {
        const auto at = static_cast<std::size_t>(neuron);
        const std::int64_t column = neuron % width_;
        const std::uint64_t* masks =
            masks_.data() + neuron / width_ * mask_row_stride() + column / kMaskBits * kNumSteps;
        float potential = initial_[at];
        for (std::int64_t step = 0; step < kNumSteps; ++step) {
            potential += current(step, neuron);
            const bool fires = potential >= threshold_[at];
            potential = fires ? 0.0F : potential;
            expected_spikes += fires ? 1 : 0;
            demand_equal((masks[step] >> (column % kMaskBits) & 1U) != 0, fires,
                         "the spike of neuron " + std::to_string(neuron) + " in step " +
                             std::to_string(step));
        }
        demand_equal(potential_[at], potential,
                     "the membrane potential of neuron " + std::to_string(neuron));
    }
    demand_equal(num_spikes, expected_spikes, "the number of spikes");
    if (num_spikes == 0) {
        throw std::runtime_error("nothing fires, which checks too little");
    }
}

}  // namespace pysnn::benchmarks
