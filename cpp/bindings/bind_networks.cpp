// ReLU networks in Python.
#include <pybind11/stl.h>

#include <optional>
#include <pysnn/names.hpp>
#include <pysnn/network.hpp>
#include <tuple>

#include "arrays.hpp"
#include "bind.hpp"
#include "values.hpp"

namespace pysnn::bindings {
namespace {

void bind_network(py::module_& m) {
    using Entry = std::tuple<std::string, Node, std::string, std::vector<std::string>>;
    py::class_<Network>(m, "Network")
        .def(py::init([](const Shape& input_shape, std::vector<Entry> nodes) {
                 Network network;
                 network.input_shape = input_shape;
                 for (auto& [name, node, activation, inputs] : nodes) {
                     network.nodes.push_back({std::move(name), std::move(node),
                                              enum_of("activation", kActivations, activation),
                                              std::move(inputs)});
                 }
                 validate(network);
                 return network;
             }),
             py::arg("input_shape"), py::arg("nodes"))
        .def_property_readonly("input_shape",
                               [](const Network& self) { return to_tuple(self.input_shape); })
        .def_property_readonly("nodes", [](const Network& self) {
            py::list result;
            for (const NetworkNode& entry : self.nodes) {
                result.append(py::make_tuple(entry.name, entry.node, name_of(entry.activation),
                                             entry.inputs));
            }
            return result;
        });
}

}  // namespace

void bind_networks(py::module_& m) { bind_network(m); }

}  // namespace pysnn::bindings
