// The nodes of ReLU networks in Python.
#include <pybind11/stl.h>

#include <limits>
#include <pysnn/network.hpp>

#include "arrays.hpp"
#include "bind.hpp"
#include "values.hpp"

namespace pysnn::bindings {
namespace {

Linear make_linear(const py::array& weight, const py::object& bias) {
    Linear layer;
    layer.weight = to_floats(weight, 2, "weight");
    layer.bias = optional_floats(bias, "bias");
    layer.out_features = weight.shape(0);
    layer.in_features = weight.shape(1);
    return layer;
}

// So that the number of input channels fits.
void check_groups(std::int64_t groups, std::int64_t channels_per_group) {
    constexpr std::int64_t kMaxChannels = std::numeric_limits<std::int32_t>::max();
    if (groups < 1 || channels_per_group > kMaxChannels / groups) {
        throw py::value_error("groups is " + std::to_string(groups) +
                              ", expected at least 1 and less than 2^31 input channels in all");
    }
}

Conv2d make_conv(const py::array& weight, const py::object& bias, Pair stride, Sides padding,
                 Pair dilation, std::int64_t groups) {
    check_groups(groups, weight.ndim() == 4 ? weight.shape(1) : 1);
    Conv2d layer;
    layer.weight = to_floats(weight, 4, "weight");
    layer.bias = optional_floats(bias, "bias");
    layer.out_channels = weight.shape(0);
    layer.in_channels = weight.shape(1) * groups;
    layer.kernel_size = {weight.shape(2), weight.shape(3)};
    layer.stride = stride;
    layer.padding = padding_of(padding);
    layer.dilation = dilation;
    layer.groups = groups;
    return layer;
}

BatchNorm make_batch_norm(const py::object& weight, const py::object& bias, const py::array& mean,
                          const py::array& variance, double eps) {
    return {optional_floats(weight, "weight"), optional_floats(bias, "bias"),
            to_floats(mean, 1, "mean"), to_floats(variance, 1, "variance"), eps};
}

/// Read-only view of a vector that belongs to a bound object; None where it is empty.
template <typename Class>
auto view_or_none(std::vector<float> Class::* member) {
    return [member](const py::object& self) -> py::object {
        const std::vector<float>& values = self.cast<const Class&>().*member;
        if (values.empty()) {
            return py::none();
        }
        return view_of(values, {static_cast<py::ssize_t>(values.size())}, self);
    };
}

template <typename Class, typename Value>
auto view(std::vector<Value> Class::* member) {
    return [member](const py::object& self) {
        const std::vector<Value>& values = self.cast<const Class&>().*member;
        return view_of(values, {static_cast<py::ssize_t>(values.size())}, self);
    };
}

template <typename Class>
Sides padding_sides(const Class& self) {
    return sides_of(self.padding);
}

void bind_weighted(py::module_& m) {
    py::class_<Linear>(m, "Linear")
        .def(py::init(&make_linear), py::arg("weight"), py::arg("bias") = py::none())
        .def_property_readonly("weight",
                               [](const py::object& self) {
                                   const auto& layer = self.cast<const Linear&>();
                                   return view_of(layer.weight,
                                                  {layer.out_features, layer.in_features}, self);
                               })
        .def_property_readonly("bias", view_or_none(&Linear::bias));
    py::class_<Conv2d>(m, "Conv2d")
        .def(py::init(&make_conv), py::arg("weight"), py::arg("bias") = py::none(),
             py::arg("stride") = Pair{1, 1}, py::arg("padding") = Sides{0, 0, 0, 0},
             py::arg("dilation") = Pair{1, 1}, py::arg("groups") = 1)
        .def_property_readonly("weight",
                               [](const py::object& self) {
                                   const auto& layer = self.cast<const Conv2d&>();
                                   return view_of(
                                       layer.weight,
                                       {layer.out_channels, layer.in_channels / layer.groups,
                                        layer.kernel_size[0], layer.kernel_size[1]},
                                       self);
                               })
        .def_property_readonly("bias", view_or_none(&Conv2d::bias))
        .def_readonly("stride", &Conv2d::stride)
        .def_property_readonly("padding", &padding_sides<Conv2d>)
        .def_readonly("dilation", &Conv2d::dilation)
        .def_readonly("groups", &Conv2d::groups);
}

void bind_pools(py::module_& m) {
    py::class_<AvgPool2d>(m, "AvgPool2d")
        .def(py::init([](Pair kernel_size, Pair stride, Sides padding, bool ceil_mode,
                         bool count_include_pad) {
                 return AvgPool2d{kernel_size, stride, padding_of(padding), ceil_mode,
                                  count_include_pad};
             }),
             py::arg("kernel_size"), py::arg("stride"), py::arg("padding") = Sides{0, 0, 0, 0},
             py::arg("ceil_mode") = false, py::arg("count_include_pad") = true)
        .def_readonly("kernel_size", &AvgPool2d::kernel_size)
        .def_readonly("stride", &AvgPool2d::stride)
        .def_property_readonly("padding", &padding_sides<AvgPool2d>)
        .def_readonly("ceil_mode", &AvgPool2d::ceil_mode)
        .def_readonly("count_include_pad", &AvgPool2d::count_include_pad);
    py::class_<MaxPool2d>(m, "MaxPool2d")
        .def(py::init([](Pair kernel_size, Pair stride, Sides padding, Pair dilation,
                         bool ceil_mode) {
                 return MaxPool2d{kernel_size, stride, padding_of(padding), dilation, ceil_mode};
             }),
             py::arg("kernel_size"), py::arg("stride"), py::arg("padding") = Sides{0, 0, 0, 0},
             py::arg("dilation") = Pair{1, 1}, py::arg("ceil_mode") = false)
        .def_readonly("kernel_size", &MaxPool2d::kernel_size)
        .def_readonly("stride", &MaxPool2d::stride)
        .def_property_readonly("padding", &padding_sides<MaxPool2d>)
        .def_readonly("dilation", &MaxPool2d::dilation)
        .def_readonly("ceil_mode", &MaxPool2d::ceil_mode);
}

void bind_elementwise(py::module_& m) {
    py::class_<BatchNorm>(m, "BatchNorm")
        .def(py::init(&make_batch_norm), py::arg("weight"), py::arg("bias"), py::arg("mean"),
             py::arg("variance"), py::arg("eps") = 1e-5)
        .def_property_readonly("weight", view_or_none(&BatchNorm::weight))
        .def_property_readonly("bias", view_or_none(&BatchNorm::bias))
        .def_property_readonly("mean", view(&BatchNorm::mean))
        .def_property_readonly("variance", view(&BatchNorm::variance))
        .def_readonly("eps", &BatchNorm::eps);
    py::class_<ReLU>(m, "ReLU")
        .def(py::init([](float max, std::int64_t levels) { return ReLU{max, levels}; }),
             py::arg("max") = 0.0F, py::arg("levels") = 0)
        .def_readonly("max", &ReLU::max)
        .def_readonly("levels", &ReLU::levels);
    py::class_<Affine>(m, "Affine")
        .def(py::init([](const py::array& scale, const py::array& shift) {
                 return Affine{copy_of<double>(scale, "scale"), copy_of<double>(shift, "shift")};
             }),
             py::arg("scale"), py::arg("shift"))
        .def_property_readonly("scale", view(&Affine::scale))
        .def_property_readonly("shift", view(&Affine::shift));
}

void bind_layouts(py::module_& m) {
    py::class_<Flatten>(m, "Flatten").def(py::init<>());
    py::class_<Add>(m, "Add").def(py::init<>());
    py::class_<Concat>(m, "Concat").def(py::init<>());
    py::class_<Pad>(m, "Pad")
        .def(py::init([](Sides padding) { return Pad{padding_of(padding)}; }), py::arg("padding"))
        .def_property_readonly("padding", &padding_sides<Pad>);
}

}  // namespace

void bind_nodes(py::module_& m) {
    bind_weighted(m);
    bind_pools(m);
    bind_elementwise(m);
    bind_layouts(m);
    m.def(
        "output_shape",
        [](const Node& node, const Shape& input_shape) {
            return to_tuple(output_shape(node, input_shape));
        },
        py::arg("node"), py::arg("input_shape"));
    m.def(
        "output_shape",
        [](const Node& node, const std::vector<Shape>& input_shapes) {
            return to_tuple(output_shape(node, input_shapes));
        },
        py::arg("node"), py::arg("input_shapes"));
}

}  // namespace pysnn::bindings
