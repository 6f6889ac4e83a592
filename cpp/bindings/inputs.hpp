// What drives a network on its way from Python: encodings by name, checked arrays, Ctrl-C.
#pragma once

#include <pybind11/numpy.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <pysnn/simulation.hpp>
#include <string>

namespace pysnn::bindings {

/// Called with the fraction of work that is done; None calls nothing.
using Report = std::optional<std::function<void(double)>>;

/// Throws ValueError for an unknown name.
Encoding encoding_of(const std::string& name);

/// Throws ValueError unless the last axis has num_inputs entries.
void check_inputs(const pybind11::array& array, std::int64_t num_inputs, const char* name);

/// Data of spike trains (num_steps, num_samples, num_inputs). num_samples < 0: any number.
const std::uint8_t* checked_spikes(const pybind11::array& spikes, std::int64_t num_samples,
                                   std::int64_t num_inputs);

/// Throws what a signal's handler throws, as on Ctrl-C; false otherwise.
bool signal_arrived();

/// What the core calls on its progress; takes the GIL for the call.
std::function<void(double)> reporting(Report report);

}  // namespace pysnn::bindings
