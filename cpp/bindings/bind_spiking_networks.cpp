// Populations and spiking networks in Python.
#include <pybind11/stl.h>

#include <map>
#include <optional>
#include <pysnn/names.hpp>
#include <pysnn/spiking_network.hpp>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "bind.hpp"
#include "values.hpp"

namespace pysnn::bindings {
namespace {

using Scales = std::vector<std::vector<double>>;

Population make_population(std::string name, const Shape& shape, const py::array& threshold,
                           const py::array& initial_potential, const std::string& reset,
                           double refractory_period,
                           std::vector<std::pair<std::string, Synapses>> projections,
                           const std::string& neuron, const py::array& negative_threshold,
                           const py::array& leak, std::int64_t delay, const py::object& bias) {
    Population population;
    population.name = std::move(name);
    population.shape = shape;
    population.threshold = to_floats(threshold, 1, "threshold");
    population.initial_potential = to_floats(initial_potential, 1, "initial_potential");
    population.reset = enum_of("reset", kResetModes, reset);
    population.refractory_period = refractory_period;
    population.neuron = enum_of("neuron", kNeuronModels, neuron);
    population.negative_threshold = to_floats(negative_threshold, 1, "negative_threshold");
    population.leak = to_floats(leak, 1, "leak");
    population.delay = delay;
    population.bias = optional_floats(bias, "bias");
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

// A property with a copy of a vector, since populations come and go by value.
auto copied(std::vector<float> Population::* member) {
    return [=](const Population& self) {
        const std::vector<float>& values = self.*member;
        return take(std::vector<float>(values), {static_cast<py::ssize_t>(values.size())});
    };
}

void bind_population(py::module_& m) {
    py::class_<Population>(m, "Population")
        .def(py::init(&make_population), py::kw_only(), py::arg("name"), py::arg("shape"),
             py::arg("threshold"), py::arg("initial_potential"), py::arg("reset"),
             py::arg("refractory_period"), py::arg("projections"), py::arg("neuron"),
             py::arg("negative_threshold"), py::arg("leak"), py::arg("delay"), py::arg("bias"))
        .def_readonly("name", &Population::name)
        .def_property_readonly("shape", [](const Population& self) { return to_tuple(self.shape); })
        .def_property_readonly("threshold", copied(&Population::threshold))
        .def_property_readonly("initial_potential", copied(&Population::initial_potential))
        .def_property_readonly("reset", [](const Population& self) { return name_of(self.reset); })
        .def_readonly("refractory_period", &Population::refractory_period)
        .def_property_readonly("grid", copied(&Population::grid))
        .def_property_readonly("projections", &projections_of)
        .def_property_readonly("neuron",
                               [](const Population& self) { return name_of(self.neuron); })
        .def_property_readonly("negative_threshold", copied(&Population::negative_threshold))
        .def_property_readonly("leak", copied(&Population::leak))
        .def_readonly("delay", &Population::delay)
        .def_property_readonly("bias", copied(&Population::bias))
        .def(
            "with_threshold",
            [](Population self, const py::array& threshold) {
                self.threshold = to_floats(threshold, 1, "threshold");
                return self;
            },
            py::arg("threshold"));
}

SpikingNetwork make_network(const Shape& input_shape, const std::string& precision,
                            std::vector<Population> populations, Scales scale_factors,
                            InputRange input, const std::optional<std::string>& encoding,
                            std::map<std::string, std::string> recipe) {
    SpikingNetworkDescription description;
    description.input_shape = input_shape;
    description.precision = enum_of("precision", kPrecisions, precision);
    description.populations = std::move(populations);
    description.scale_factors = std::move(scale_factors);
    description.input = std::move(input);
    if (encoding) {
        description.encoding = enum_of("encoding", kEncodings, *encoding);
    }
    description.recipe = std::move(recipe);
    const py::gil_scoped_release release;
    return SpikingNetwork(std::move(description));
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

void bind_input_range(py::module_& m) {
    py::class_<InputRange>(m, "InputRange")
        .def(py::init([](double scale, bool is_signed, std::vector<double> affine_scale,
                         std::vector<double> affine_shift) {
                 return InputRange{scale, is_signed, std::move(affine_scale),
                                   std::move(affine_shift)};
             }),
             py::kw_only(), py::arg("scale"), py::arg("is_signed"), py::arg("affine_scale"),
             py::arg("affine_shift"))
        .def_readonly("scale", &InputRange::scale)
        .def_readonly("is_signed", &InputRange::is_signed)
        .def_readonly("affine_scale", &InputRange::affine_scale)
        .def_readonly("affine_shift", &InputRange::affine_shift);
}

}  // namespace

void bind_spiking_networks(py::module_& m) {
    bind_population(m);
    bind_input_range(m);
    py::class_<SpikingNetwork>(m, "SpikingNetwork")
        .def(py::init(&make_network), py::kw_only(), py::arg("input_shape"), py::arg("precision"),
             py::arg("populations"), py::arg("scale_factors"), py::arg("input"),
             py::arg("encoding"), py::arg("recipe"))
        .def_property_readonly(
            "input_shape",
            [](const SpikingNetwork& self) { return to_tuple(self.description().input_shape); })
        .def_property_readonly(
            "precision",
            [](const SpikingNetwork& self) { return name_of(self.description().precision); })
        .def_property_readonly(
            "populations",
            [](const SpikingNetwork& self) { return self.description().populations; })
        .def_property_readonly(
            "scale_factors",
            [](const SpikingNetwork& self) { return self.description().scale_factors; })
        .def_property_readonly("input",
                               [](const SpikingNetwork& self) { return self.description().input; })
        .def_property_readonly(
            "encoding",
            [](const SpikingNetwork& self) {
                const std::optional<Encoding> encoding = self.description().encoding;
                return encoding ? std::optional<std::string>(name_of(*encoding)) : std::nullopt;
            })
        .def_property_readonly("recipe",
                               [](const SpikingNetwork& self) { return self.description().recipe; })
        .def("sends_negative", &SpikingNetwork::sends_negative, py::arg("population"))
        .def_property_readonly("rounding_loss", &rounding_loss_of)
        .def("__eq__",
             [](const SpikingNetwork& self, const SpikingNetwork& other) { return self == other; });
}

}  // namespace pysnn::bindings
