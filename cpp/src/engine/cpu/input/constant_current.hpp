// Inputs as a constant current.
#pragma once

#include <cstdint>

#include "base/array.hpp"
#include "engine/cpu/cpu_program.hpp"
#include "engine/cpu/sample_slot.hpp"
#include "engine/cpu/schedule.hpp"

namespace pysnn::detail {

/// What constant-current input adds to each neuron in every step.
///
/// Intensities are whole multiples of 2^-24 (current_units()), weights of the neuron's grid: the
/// sum of their products needs at most 48 bits and is exact in double, in any order. Divided by
/// 2^24 it is rounded to the grid once, half to even; it is then as good as a weight, and exact
/// beside the others.
class ConstantCurrent {
  public:
    /// Writes bias and input current of a sample to its bases, for every population that reads the
    /// input.
    ///
    /// Args:
    ///     bias: by population.
    ///     x: (num_inputs) of the sample, each in [-1, 1].
    void set(const CpuProgram& program, const Array<ScaledBias>& bias, double probability_scale,
             const Array<double>& x, SampleSlot& slot);

  private:
    void set_units(const Array<double>& x, double probability_scale);

    Array<double> units_;          // (num_inputs) current_units() of the sample
    Array<std::int64_t> nonzero_;  // inputs whose units are not 0
    Array<double> sums_;           // (num_neurons), 2^24 times the current
};

}  // namespace pysnn::detail
