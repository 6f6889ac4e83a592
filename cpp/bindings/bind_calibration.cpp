// Calibration in Python: readings as they are made there, one array for each of them back.

#include <pybind11/functional.h>
#include <pybind11/stl.h>

#include <pysnn/calibration.hpp>

#include "arrays.hpp"
#include "bind.hpp"
#include "callbacks.hpp"
#include "values.hpp"

namespace pysnn::bindings {
namespace {

using Readings = std::vector<Reading>;
template <typename T>
using Arrays = std::vector<py::array_t<T>>;

Reading make_reading(std::int64_t node, std::int64_t channels, const std::string& look, float most,
                     std::int64_t cut_node, double shift, std::int64_t rank,
                     std::vector<double> scales) {
    return {node, channels,         enum_of("look", kLooks, look), most, cut_node, shift,
            rank, std::move(scales)};
}

/// A reduction without the GIL, as Python calls it. `Extra` are its arguments behind the readings.
template <typename T, typename... Extra>
struct Reduction {
    std::vector<std::vector<T>> (Calibration::*reduce)(const float*, std::int64_t, const Readings&,
                                                       Extra..., const ForwardOptions&) const;

    Arrays<T> operator()(const Calibration& self, const py::array& x, const Readings& readings,
                         Extra... extra, std::int64_t batch_size, int num_threads,
                         Progress progress) const {
        const float* samples = checked_data<float>(x, 2, "x");
        check_inputs(x, num_elements(self.input_shape()), "x");
        const std::int64_t num_samples = x.shape(0);
        const ForwardOptions options{batch_size, num_threads, with_gil(std::move(progress)),
                                     &signal_arrived};
        std::vector<std::vector<T>> found;
        {
            const py::gil_scoped_release release;
            found = (self.*reduce)(samples, num_samples, readings, extra..., options);
        }
        Arrays<T> arrays;
        for (std::size_t i = 0; i < found.size(); ++i) {
            const auto channels = static_cast<py::ssize_t>(readings[i].channels);
            const auto size = static_cast<py::ssize_t>(found[i].size());
            arrays.push_back(take(std::move(found[i]), {channels, size / channels}));
        }
        return arrays;
    }
};

}  // namespace

void bind_calibration(py::module_& m) {
    py::class_<Reading>(m, "Reading")
        .def(py::init(&make_reading), py::kw_only(), py::arg("node"), py::arg("channels"),
             py::arg("look"), py::arg("most"), py::arg("cut_node"), py::arg("shift"),
             py::arg("rank"), py::arg("scales"));
    const py::arg x("x");
    const py::arg readings("readings");
    const py::arg batch_size("batch_size");
    const py::arg num_threads("num_threads");
    const py::arg progress("progress");
    py::class_<Calibration>(m, "Calibration")
        .def(py::init<const Network&>(), py::arg("network"),
             py::call_guard<py::gil_scoped_release>())
        .def("largest", Reduction<float>{&Calibration::largest}, x, readings, batch_size,
             num_threads, progress)
        .def("ranked", Reduction<float>{&Calibration::ranked}, x, readings, batch_size, num_threads,
             progress)
        .def("moments", Reduction<double>{&Calibration::moments}, x, readings, batch_size,
             num_threads, progress)
        .def("squared_errors", Reduction<double, std::int64_t>{&Calibration::squared_errors}, x,
             readings, py::arg("num_steps"), batch_size, num_threads, progress)
        .def("balanced", Reduction<double, std::int64_t>{&Calibration::balanced}, x, readings,
             py::arg("num_updates"), batch_size, num_threads, progress);
}

}  // namespace pysnn::bindings
