// The extension pysnn._core.
#include <pybind11/pybind11.h>

#include <pysnn/system.hpp>

#include "bind.hpp"

PYBIND11_MODULE(_core, m) {
    m.doc() = "The C++ core of pysnn.";
    m.attr("__version__") = pysnn::version();
    m.attr("STREAM_VERSION") = pysnn::kStreamVersion;
    m.def("default_num_threads", &pysnn::default_num_threads);
    m.def("total_memory", &pysnn::total_memory);
    m.def("has_openmp", &pysnn::has_openmp);
    m.def("cpu_target", &pysnn::cpu_target);
    pysnn::bindings::bind_nodes(m);
    pysnn::bindings::bind_networks(m);
    pysnn::bindings::bind_synapses(m);
    pysnn::bindings::bind_spiking_networks(m);
    pysnn::bindings::bind_options(m);
    pysnn::bindings::bind_result(m);
    pysnn::bindings::bind_forward(m);
    pysnn::bindings::bind_calibration(m);
    pysnn::bindings::bind_simulation(m);
    pysnn::bindings::bind_spike_trains(m);
    pysnn::bindings::bind_normalization(m);
    pysnn::bindings::bind_model_file(m);
}
