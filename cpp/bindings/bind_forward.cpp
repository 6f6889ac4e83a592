// ForwardPass in Python: arrays in and out, the GIL released meanwhile.

#include <pybind11/functional.h>
#include <pybind11/stl.h>

#include <pysnn/forward.hpp>

#include "arrays.hpp"
#include "bind.hpp"
#include "callbacks.hpp"

namespace pysnn::bindings {
namespace {

using Floats = py::array_t<float>;

const float* checked_samples(const ForwardPass& pass, const py::array& x) {
    const float* samples = checked_data<float>(x, 2, "x");
    if (x.shape(1) != num_elements(pass.input_shape())) {
        throw py::value_error("x has " + std::to_string(x.shape(1)) +
                              " values per sample, but the network has " +
                              std::to_string(num_elements(pass.input_shape())) + " inputs");
    }
    return samples;
}

ForwardOptions make_options(std::int64_t batch_size, int num_threads, Progress progress) {
    return {batch_size, num_threads, with_gil(std::move(progress)), &signal_arrived};
}

// (num_samples, *shape), uninitialised.
Floats make_outputs(std::int64_t num_samples, const Shape& shape) {
    std::vector<py::ssize_t> sizes{num_samples};
    sizes.insert(sizes.end(), shape.begin(), shape.end());
    return Floats(sizes);
}

Floats predict(const ForwardPass& pass, const py::array& x, std::int64_t batch_size,
               int num_threads, Progress progress) {
    const float* samples = checked_samples(pass, x);
    const std::int64_t num_samples = x.shape(0);
    Floats outputs = make_outputs(num_samples, pass.shapes().back());
    std::vector<float*> kept(pass.shapes().size(), nullptr);
    kept.back() = outputs.mutable_data();
    const ForwardOptions options = make_options(batch_size, num_threads, std::move(progress));
    {
        const py::gil_scoped_release release;
        pass.run(samples, num_samples, kept, options);
    }
    return outputs;
}

std::vector<Floats> activations(const ForwardPass& pass, const py::array& x,
                                std::int64_t batch_size, int num_threads, Progress progress) {
    const float* samples = checked_samples(pass, x);
    const std::int64_t num_samples = x.shape(0);
    std::vector<Floats> outputs;
    std::vector<float*> kept;
    for (const Shape& shape : pass.shapes()) {
        outputs.push_back(make_outputs(num_samples, shape));
        kept.push_back(outputs.back().mutable_data());
    }
    const ForwardOptions options = make_options(batch_size, num_threads, std::move(progress));
    {
        const py::gil_scoped_release release;
        pass.run(samples, num_samples, kept, options);
    }
    return outputs;
}

std::vector<Floats> largest_activations(const ForwardPass& pass, const py::array& x,
                                        std::int64_t batch_size, int num_threads,
                                        Progress progress) {
    const float* samples = checked_samples(pass, x);
    const std::int64_t num_samples = x.shape(0);
    const ForwardOptions options = make_options(batch_size, num_threads, std::move(progress));
    std::vector<std::vector<float>> largest;
    {
        const py::gil_scoped_release release;
        largest = pass.largest_activations(samples, num_samples, options);
    }
    std::vector<Floats> arrays;
    for (std::vector<float>& values : largest) {
        const auto size = static_cast<py::ssize_t>(values.size());
        arrays.push_back(take(std::move(values), {size}));
    }
    return arrays;
}

}  // namespace

void bind_forward(py::module_& m) {
    py::class_<ForwardPass>(m, "ForwardPass")
        .def(py::init<const Network&>(), py::arg("network"),
             py::call_guard<py::gil_scoped_release>())
        .def("predict", &predict, py::arg("x"), py::arg("batch_size"), py::arg("num_threads"),
             py::arg("progress"))
        .def("activations", &activations, py::arg("x"), py::arg("batch_size"),
             py::arg("num_threads"), py::arg("progress"))
        .def("largest_activations", &largest_activations, py::arg("x"), py::arg("batch_size"),
             py::arg("num_threads"), py::arg("progress"));
}

}  // namespace pysnn::bindings
