// The kinds of synapses that are not nodes as well, in Python.
#include <pybind11/stl.h>

#include <pysnn/synapses.hpp>

#include "arrays.hpp"
#include "bind.hpp"
#include "values.hpp"

namespace pysnn::bindings {
namespace {

using Pair = std::array<std::int64_t, 2>;

template <typename Class>
void bind_weight(py::class_<Class>& bound) {
    bound.def_property_readonly("weight", [](const py::object& self) {
        const auto& layer = self.cast<const Class&>();
        return view_of(layer.weight, {static_cast<py::ssize_t>(layer.weight.size())}, self);
    });
}

template <typename Class>
void bind_padding(py::class_<Class>& bound) {
    bound.def_property_readonly("padding",
                                [](const Class& self) { return sides_of(self.padding); });
}

void bind_pool(py::module_& m) {
    py::class_<PoolSynapses> bound(m, "PoolSynapses");
    bound
        .def(py::init([](Pair kernel_size, Pair stride, Sides padding, bool ceil_mode,
                         bool count_include_pad) {
                 PoolSynapses pool(kernel_size, stride);
                 pool.padding = padding_of(padding);
                 pool.ceil_mode = ceil_mode;
                 pool.count_include_pad = count_include_pad;
                 return pool;
             }),
             py::arg("kernel_size"), py::arg("stride"), py::arg("padding") = Sides{0, 0, 0, 0},
             py::arg("ceil_mode") = false, py::arg("count_include_pad") = true)
        .def_readonly("kernel_size", &PoolSynapses::kernel_size)
        .def_readonly("stride", &PoolSynapses::stride)
        .def_readonly("ceil_mode", &PoolSynapses::ceil_mode)
        .def_readonly("count_include_pad", &PoolSynapses::count_include_pad);
    bind_padding(bound);
    bind_weight(bound);
}

void bind_max_pool(py::module_& m) {
    py::class_<MaxPoolSynapses> bound(m, "MaxPoolSynapses");
    bound
        .def(py::init(
                 [](Pair kernel_size, Pair stride, Sides padding, Pair dilation, bool ceil_mode) {
                     return MaxPoolSynapses{kernel_size, stride, padding_of(padding), dilation,
                                            ceil_mode};
                 }),
             py::arg("kernel_size"), py::arg("stride"), py::arg("padding") = Sides{0, 0, 0, 0},
             py::arg("dilation") = Pair{1, 1}, py::arg("ceil_mode") = false)
        .def_readonly("kernel_size", &MaxPoolSynapses::kernel_size)
        .def_readonly("stride", &MaxPoolSynapses::stride)
        .def_readonly("dilation", &MaxPoolSynapses::dilation)
        .def_readonly("ceil_mode", &MaxPoolSynapses::ceil_mode);
    bind_padding(bound);
}

void bind_identity(py::module_& m) {
    py::class_<IdentitySynapses> bound(m, "IdentitySynapses");
    bound
        .def(py::init([](const py::array& weight, Pair stride, Sides padding,
                         std::int64_t out_channels, std::int64_t first_channel) {
                 IdentitySynapses synapses;
                 synapses.weight = to_floats(weight, 1, "weight");
                 synapses.stride = stride;
                 synapses.padding = padding_of(padding);
                 synapses.out_channels = out_channels;
                 synapses.first_channel = first_channel;
                 return synapses;
             }),
             py::arg("weight"), py::arg("stride"), py::arg("padding"), py::arg("out_channels"),
             py::arg("first_channel"))
        .def_readonly("stride", &IdentitySynapses::stride)
        .def_readonly("out_channels", &IdentitySynapses::out_channels)
        .def_readonly("first_channel", &IdentitySynapses::first_channel);
    bind_padding(bound);
    bind_weight(bound);
}

}  // namespace

void bind_synapses(py::module_& m) {
    bind_pool(m);
    bind_max_pool(m);
    bind_identity(m);
}

}  // namespace pysnn::bindings
