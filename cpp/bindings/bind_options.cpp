// Options of a simulation: the stimulus, what to keep, when to stop.
#include <pybind11/stl.h>

#include <map>
#include <pysnn/record.hpp>
#include <pysnn/simulation.hpp>
#include <string>
#include <vector>

#include "arrays.hpp"
#include "bind.hpp"
#include "callbacks.hpp"
#include "values.hpp"

namespace pysnn::bindings {
namespace {

using Names = std::vector<std::string>;

SimulationOptions make_options(double dt, double max_rate, std::uint64_t seed,
                               const std::string& encoding, double bias_scale,
                               const py::object& sample_ids,
                               const std::map<std::string, Names>& record, double stop_margin,
                               std::int64_t stop_interval, int num_threads) {
    SimulationOptions options;
    options.dt = dt;
    options.max_rate = max_rate;
    options.seed = seed;
    options.encoding = enum_of("encoding", kEncodings, encoding);
    options.bias_scale = bias_scale;
    options.sample_ids = optional_ids(sample_ids, "sample_ids");
    for (const auto& [what, populations] : record) {
        populations_to_record(options.record, what) = populations;
    }
    options.stop_margin = stop_margin;
    options.stop_interval = stop_interval;
    options.num_threads = num_threads;
    options.should_stop = &signal_arrived;
    return options;
}

}  // namespace

void bind_options(py::module_& m) {
    py::class_<SimulationOptions>(m, "SimulationOptions")
        .def(py::init(&make_options), py::kw_only(), py::arg("dt"), py::arg("max_rate"),
             py::arg("seed"), py::arg("encoding"), py::arg("bias_scale"), py::arg("sample_ids"),
             py::arg("record"), py::arg("stop_margin"), py::arg("stop_interval"),
             py::arg("num_threads"));
}

}  // namespace pysnn::bindings
