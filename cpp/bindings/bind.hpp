// The parts of the extension, each bound in a file of its own.
#pragma once

#include <pybind11/pybind11.h>

namespace pysnn::bindings {

void bind_nodes(pybind11::module_& m);
void bind_networks(pybind11::module_& m);
void bind_synapses(pybind11::module_& m);
void bind_spiking_networks(pybind11::module_& m);
void bind_options(pybind11::module_& m);
void bind_result(pybind11::module_& m);
void bind_forward(pybind11::module_& m);
void bind_calibration(pybind11::module_& m);
void bind_simulation(pybind11::module_& m);
void bind_spike_trains(pybind11::module_& m);
void bind_normalization(pybind11::module_& m);
void bind_model_file(pybind11::module_& m);

}  // namespace pysnn::bindings
