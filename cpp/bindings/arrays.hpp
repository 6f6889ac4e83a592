// NumPy arrays on their way into the core and back, checked and never cast.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstdint>
#include <pysnn/node.hpp>
#include <string>
#include <vector>

namespace pysnn::bindings {

namespace py = pybind11;

/// Throws TypeError unless the array has this dtype, ValueError unless it has num_axes axes and is
/// C-contiguous: nothing is cast or copied silently.
template <typename T>
const T* checked_data(const py::array& array, py::ssize_t num_axes, const char* name);

extern template const float* checked_data<float>(const py::array&, py::ssize_t, const char*);
extern template const std::int8_t* checked_data<std::int8_t>(const py::array&, py::ssize_t,
                                                             const char*);
extern template const double* checked_data<double>(const py::array&, py::ssize_t, const char*);
extern template const std::uint8_t* checked_data<std::uint8_t>(const py::array&, py::ssize_t,
                                                               const char*);
extern template const std::uint32_t* checked_data<std::uint32_t>(const py::array&, py::ssize_t,
                                                                 const char*);
extern template const std::int32_t* checked_data<std::int32_t>(const py::array&, py::ssize_t,
                                                               const char*);
extern template const std::int64_t* checked_data<std::int64_t>(const py::array&, py::ssize_t,
                                                               const char*);
extern template const std::uint64_t* checked_data<std::uint64_t>(const py::array&, py::ssize_t,
                                                                 const char*);

/// Copy of a float32 array.
std::vector<float> to_floats(const py::array& array, py::ssize_t num_axes, const char* name);

/// Copy of a float32 vector; None gives an empty one.
std::vector<float> optional_floats(const py::object& array, const char* name);

/// Copy of a uint64 vector; None gives an empty one.
std::vector<std::uint64_t> optional_ids(const py::object& array, const char* name);

/// Copy of a flat array.
template <typename T>
std::vector<T> copy_of(const py::array& array, const char* name) {
    const T* data = checked_data<T>(array, 1, name);
    return {data, data + array.size()};
}

/// Throws ValueError unless the last axis has num_inputs entries.
void check_inputs(const py::array& array, std::int64_t num_inputs, const char* name);

/// Throws ValueError where the spike trains have another number of samples. expected < 0: any
/// number.
void check_num_samples(std::int64_t num_samples, std::int64_t expected);

/// Whether spike trains are int8, -1, 0 or 1, rather than uint8, 0 or 1.
bool has_signs(const py::array& spikes);

/// Data of spike trains (num_steps, num_samples, num_inputs). num_samples < 0: any number.
template <typename Spike>
const Spike* checked_spikes(const py::array& spikes, std::int64_t num_samples,
                            std::int64_t num_inputs) {
    const auto* data = checked_data<Spike>(spikes, 3, "spikes");
    check_inputs(spikes, num_inputs, "spikes");
    check_num_samples(spikes.shape(1), num_samples);
    return data;
}

Shape to_shape(const py::array& array);

py::tuple to_tuple(const Shape& shape);

/// Read-only array over memory that `owner` keeps alive.
template <typename T>
py::array_t<T> view_of(const std::vector<T>& values, std::vector<py::ssize_t> shape,
                       const py::object& owner) {
    py::array_t<T> array(std::move(shape), values.data(), owner);
    py::detail::array_proxy(array.ptr())->flags &= ~py::detail::npy_api::NPY_ARRAY_WRITEABLE_;
    return array;
}

/// Array that takes the values over, without a copy.
template <typename T>
py::array_t<T> take(std::vector<T> values, std::vector<py::ssize_t> shape) {
    auto* owned = new std::vector<T>(std::move(values));
    const py::capsule owner(owned, [](void* data) { delete static_cast<std::vector<T>*>(data); });
    return py::array_t<T>(std::move(shape), owned->data(), owner);
}

}  // namespace pysnn::bindings
