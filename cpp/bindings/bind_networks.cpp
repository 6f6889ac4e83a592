// Nodes, synapses, ReLU networks and spiking networks in Python.
#include <pybind11/stl.h>

#include <limits>
#include <optional>
#include <pysnn/names.hpp>
#include <pysnn/network.hpp>
#include <pysnn/spiking_network.hpp>
#include <tuple>

#include "arrays.hpp"
#include "bind.hpp"
#include "values.hpp"

namespace pysnn::bindings {
namespace {

using Pair = std::array<std::int64_t, 2>;
using Sides = std::array<std::int64_t, 4>;  // of Padding: top, bottom, left, right

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
    layer.padding = {padding[0], padding[1], padding[2], padding[3]};
    layer.dilation = dilation;
    layer.groups = groups;
    return layer;
}

Sides sides_of(const Padding& padding) {
    return {padding.top, padding.bottom, padding.left, padding.right};
}

template <typename Class>
py::object bias_view(const Class& layer, const py::object& self) {
    if (layer.bias.empty()) {
        return py::none();
    }
    return view_of(layer.bias, {static_cast<py::ssize_t>(layer.bias.size())}, self);
}

void bind_layers(py::module_& m) {
    py::class_<Linear>(m, "Linear")
        .def(py::init(&make_linear), py::arg("weight"), py::arg("bias") = py::none())
        .def_property_readonly("weight",
                               [](const py::object& self) {
                                   const auto& layer = self.cast<const Linear&>();
                                   return view_of(layer.weight,
                                                  {layer.out_features, layer.in_features}, self);
                               })
        .def_property_readonly("bias", [](const py::object& self) {
            return bias_view(self.cast<const Linear&>(), self);
        });
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
        .def_property_readonly(
            "bias",
            [](const py::object& self) { return bias_view(self.cast<const Conv2d&>(), self); })
        .def_readonly("stride", &Conv2d::stride)
        .def_property_readonly("padding", [](const Conv2d& self) { return sides_of(self.padding); })
        .def_readonly("dilation", &Conv2d::dilation)
        .def_readonly("groups", &Conv2d::groups);
    py::class_<AvgPool2d>(m, "AvgPool2d")
        .def(py::init([](Pair kernel_size, Pair stride) { return AvgPool2d{kernel_size, stride}; }),
             py::arg("kernel_size"), py::arg("stride"))
        .def_readonly("kernel_size", &AvgPool2d::kernel_size)
        .def_readonly("stride", &AvgPool2d::stride);
    py::class_<PoolSynapses>(m, "PoolSynapses")
        .def(py::init(
                 [](Pair kernel_size, Pair stride) { return PoolSynapses(kernel_size, stride); }),
             py::arg("kernel_size"), py::arg("stride"))
        .def_readonly("kernel_size", &PoolSynapses::kernel_size)
        .def_readonly("stride", &PoolSynapses::stride)
        .def_property_readonly("weight", [](const py::object& self) {
            const auto& layer = self.cast<const PoolSynapses&>();
            return view_of(layer.weight, {static_cast<py::ssize_t>(layer.weight.size())}, self);
        });
    py::class_<Flatten>(m, "Flatten").def(py::init<>());
    m.def(
        "output_shape",
        [](const Node& node, const Shape& input_shape) {
            return to_tuple(output_shape(node, input_shape));
        },
        py::arg("node"), py::arg("input_shape"));
}

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

Population make_population(std::string name, const Shape& shape, const py::array& threshold,
                           const py::array& initial_potential, const std::string& reset,
                           double refractory_period,
                           std::vector<std::pair<std::string, Synapses>> projections) {
    Population population;
    population.name = std::move(name);
    population.shape = shape;
    population.threshold = to_floats(threshold, 1, "threshold");
    population.initial_potential = to_floats(initial_potential, 1, "initial_potential");
    population.reset = enum_of("reset", kResetModes, reset);
    population.refractory_period = refractory_period;
    for (auto& [source, synapses] : projections) {
        population.projections.push_back({std::move(source), std::move(synapses)});
    }
    return population;
}

py::list projections_of(const Population& population) {
    py::list result;
    for (const Projection& projection : population.projections) {
        result.append(py::make_tuple(projection.source, projection.synapses));
    }
    return result;
}

template <typename T>
py::array_t<T> copy_of(const std::vector<T>& values) {
    return take(std::vector<T>(values), {static_cast<py::ssize_t>(values.size())});
}

/// (share of weights that became 0, relative error) of each population, None where it brought its
/// grid.
std::vector<std::optional<std::pair<double, double>>> rounding_loss_of(const SpikingNetwork& self) {
    std::vector<std::optional<std::pair<double, double>>> result;
    for (const std::optional<RoundingLoss>& loss : self.rounding_loss()) {
        result.emplace_back();
        if (loss) {
            result.back() = {loss->zeroed_share, loss->relative_error};
        }
    }
    return result;
}

void bind_spiking_network(py::module_& m) {
    py::class_<Population>(m, "Population")
        .def(py::init(&make_population), py::arg("name"), py::arg("shape"), py::arg("threshold"),
             py::arg("initial_potential"), py::arg("reset"), py::arg("refractory_period"),
             py::arg("projections"))
        .def_readonly("name", &Population::name)
        .def_property_readonly("shape", [](const Population& self) { return to_tuple(self.shape); })
        .def_property_readonly("threshold",
                               [](const Population& self) { return copy_of(self.threshold); })
        .def_property_readonly(
            "initial_potential",
            [](const Population& self) { return copy_of(self.initial_potential); })
        .def_property_readonly("reset", [](const Population& self) { return name_of(self.reset); })
        .def_readonly("refractory_period", &Population::refractory_period)
        .def_property_readonly("grid", [](const Population& self) { return copy_of(self.grid); })
        .def_property_readonly("projections", &projections_of)
        .def(
            "with_threshold",
            [](Population self, const py::array& threshold) {
                self.threshold = to_floats(threshold, 1, "threshold");
                return self;
            },
            py::arg("threshold"));
    py::class_<SpikingNetwork>(m, "SpikingNetwork")
        .def(py::init([](const Shape& input_shape, const std::string& precision,
                         std::vector<Population> populations,
                         const std::vector<double>& scale_factors) {
                 SpikingNetworkDescription description;
                 description.input_shape = input_shape;
                 description.precision = enum_of("precision", kPrecisions, precision);
                 description.populations = std::move(populations);
                 description.scale_factors = nested_scales(scale_factors);
                 const py::gil_scoped_release release;
                 return SpikingNetwork(std::move(description));
             }),
             py::arg("input_shape"), py::arg("precision"), py::arg("populations"),
             py::arg("scale_factors"))
        .def_property_readonly(
            "input_shape",
            [](const SpikingNetwork& self) { return to_tuple(self.description().input_shape); })
        .def_property_readonly(
            "precision",
            [](const SpikingNetwork& self) { return name_of(self.description().precision); })
        .def_property_readonly(
            "populations",
            [](const SpikingNetwork& self) { return self.description().populations; })
        .def_property_readonly("scale_factors",
                               [](const SpikingNetwork& self) {
                                   return single_scales(self.description().scale_factors);
                               })
        .def_property_readonly("rounding_loss", &rounding_loss_of)
        .def("__eq__",
             [](const SpikingNetwork& self, const SpikingNetwork& other) { return self == other; });
}

}  // namespace

void bind_networks(py::module_& m) {
    bind_layers(m);
    bind_network(m);
    bind_spiking_network(m);
}

}  // namespace pysnn::bindings
