// What drives a network on its way from Python: encodings by name, checked arrays.
#pragma once

#include <pybind11/numpy.h>

#include <cstdint>
#include <pysnn/simulation.hpp>
#include <string>

namespace pysnn::bindings {

/// Throws ValueError for an unknown name.
Encoding encoding_of(const std::string& name);

/// Throws ValueError unless the last axis has num_inputs entries.
void check_inputs(const pybind11::array& array, std::int64_t num_inputs, const char* name);

/// Data of spike trains (num_steps, num_samples, num_inputs). num_samples < 0: any number.
const std::uint8_t* checked_spikes(const pybind11::array& spikes, std::int64_t num_samples,
                                   std::int64_t num_inputs);

}  // namespace pysnn::bindings
