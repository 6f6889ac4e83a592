// Callbacks from the core into Python: take the GIL first.

#include "callbacks.hpp"

#include <pybind11/pybind11.h>

#include <utility>

namespace pysnn::bindings {

namespace py = pybind11;

std::function<void(double)> with_gil(Progress progress) {
    if (!progress) {
        return {};
    }
    return [call = std::move(*progress)](double fraction) {
        const py::gil_scoped_acquire acquire;
        call(fraction);
    };
}

bool signal_arrived() {
    const py::gil_scoped_acquire acquire;
    if (PyErr_CheckSignals() != 0) {
        throw py::error_already_set();
    }
    return false;
}

}  // namespace pysnn::bindings
