// NumPy arrays on their way into the core and back, checked and never cast.
#include "arrays.hpp"

namespace pysnn::bindings {

template <typename T>
const T* checked_data(const py::array& array, py::ssize_t num_axes, const char* name) {
    if (!array.dtype().equal(py::dtype::of<T>())) {
        throw py::type_error(std::string(name) + " has dtype " +
                             std::string(py::str(array.dtype())) + ", expected " +
                             std::string(py::str(py::dtype::of<T>())));
    }
    if (array.ndim() != num_axes) {
        throw py::value_error(std::string(name) + " has " + std::to_string(array.ndim()) +
                              " axes, expected " + std::to_string(num_axes));
    }
    if ((array.flags() & py::array::c_style) == 0) {
        throw py::value_error(std::string(name) + " is not C-contiguous");
    }
    return static_cast<const T*>(array.data());
}

template const float* checked_data<float>(const py::array&, py::ssize_t, const char*);
template const std::int8_t* checked_data<std::int8_t>(const py::array&, py::ssize_t, const char*);
template const double* checked_data<double>(const py::array&, py::ssize_t, const char*);
template const std::uint8_t* checked_data<std::uint8_t>(const py::array&, py::ssize_t, const char*);
template const std::uint32_t* checked_data<std::uint32_t>(const py::array&, py::ssize_t,
                                                          const char*);
template const std::int32_t* checked_data<std::int32_t>(const py::array&, py::ssize_t, const char*);
template const std::int64_t* checked_data<std::int64_t>(const py::array&, py::ssize_t, const char*);
template const std::uint64_t* checked_data<std::uint64_t>(const py::array&, py::ssize_t,
                                                          const char*);

std::vector<float> to_floats(const py::array& array, py::ssize_t num_axes, const char* name) {
    const float* data = checked_data<float>(array, num_axes, name);
    return {data, data + array.size()};
}

std::vector<float> optional_floats(const py::object& array, const char* name) {
    return array.is_none() ? std::vector<float>{} : to_floats(py::cast<py::array>(array), 1, name);
}

std::vector<std::uint64_t> optional_ids(const py::object& array, const char* name) {
    if (array.is_none()) {
        return {};
    }
    const auto ids = py::cast<py::array>(array);
    const std::uint64_t* data = checked_data<std::uint64_t>(ids, 1, name);
    return {data, data + ids.size()};
}

void check_inputs(const py::array& array, std::int64_t num_inputs, const char* name) {
    const py::ssize_t columns = array.shape(array.ndim() - 1);
    if (columns != num_inputs) {
        throw py::value_error(std::string(name) + " has " + std::to_string(columns) +
                              " inputs per sample, but the network has " +
                              std::to_string(num_inputs));
    }
}

void check_num_samples(std::int64_t num_samples, std::int64_t expected) {
    if (expected >= 0 && num_samples != expected) {
        throw py::value_error("spikes has " + std::to_string(num_samples) +
                              " samples, but the simulation has " + std::to_string(expected));
    }
}

bool has_signs(const py::array& spikes) {
    return spikes.dtype().equal(py::dtype::of<std::int8_t>());
}

Shape to_shape(const py::array& array) { return {array.shape(), array.shape() + array.ndim()}; }

py::tuple to_tuple(const Shape& shape) {
    py::tuple result(shape.size());
    for (std::size_t i = 0; i < shape.size(); ++i) {
        result[i] = shape[i];
    }
    return result;
}

}  // namespace pysnn::bindings
