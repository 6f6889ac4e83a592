// Normalization in Python: scales as one number per node.

#include <pybind11/stl.h>

#include <pysnn/normalization.hpp>

#include "bind.hpp"
#include "values.hpp"

namespace pysnn::bindings {

void bind_normalization(py::module_& m) {
    py::class_<Normalization>(m, "Normalization")
        .def_readonly("scale_factor", &Normalization::scale_factor)
        .def_readonly("applied_factor", &Normalization::applied_factor);
    m.def("model_based_normalization", &model_based_normalization, py::arg("network"),
          py::arg("include_last"), py::arg("num_threads"),
          py::call_guard<py::gil_scoped_release>());
    m.def(
        "data_based_normalization",
        [](const Network& network, const std::vector<double>& max_activation, bool include_last,
           const std::string& variant, int num_threads) {
            const DataVariant chosen = enum_of("variant", kDataVariants, variant);
            const py::gil_scoped_release release;
            return data_based_normalization(network, max_activation, include_last, chosen,
                                            num_threads);
        },
        py::arg("network"), py::arg("max_activation"), py::arg("include_last"), py::arg("variant"),
        py::arg("num_threads"));
    m.def("apply_scales", &apply_scales, py::arg("network"), py::arg("scale_factor"),
          py::call_guard<py::gil_scoped_release>());
}

}  // namespace pysnn::bindings
