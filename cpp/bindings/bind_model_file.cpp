// Model files in Python, and their errors.
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <pysnn/error.hpp>
#include <pysnn/model_file.hpp>
#include <string>
#include <string_view>
#include <system_error>

#include "arrays.hpp"
#include "bind.hpp"

namespace pysnn::bindings {
namespace {

void translate_system_error(std::exception_ptr error) {
    try {
        if (error) {
            std::rethrow_exception(error);
        }
    } catch (const std::system_error& failure) {
        // With an errno Python picks the subclass, FileNotFoundError for one.
        PyErr_SetObject(PyExc_OSError,
                        py::make_tuple(failure.code().value(), failure.what()).ptr());
    }
}

template <typename Class>
void bind_saving(py::module_& m) {
    m.def(
        "to_bytes", [](const Class& network) { return py::bytes(to_bytes(network)); },
        py::arg("network"));
    m.def(
        "save",
        [](const Class& network, const std::filesystem::path& path) { save(network, path); },
        py::arg("network"), py::arg("path"), py::call_guard<py::gil_scoped_release>());
}

}  // namespace

void bind_model_file(py::module_& m) {
    py::register_exception<ModelFileError>(m, "ModelFileError", PyExc_ValueError);
    m.attr("ModelFileError").attr("__module__") = "pysnn";
    py::register_exception_translator(&translate_system_error);
    bind_saving<Network>(m);
    bind_saving<SpikingNetwork>(m);
    m.def("load_model", &load_model, py::arg("path"), py::call_guard<py::gil_scoped_release>());
    m.def(
        "from_bytes", [](std::string_view data) { return model_from_bytes(data); }, py::arg("data"),
        py::call_guard<py::gil_scoped_release>());
}

}  // namespace pysnn::bindings
