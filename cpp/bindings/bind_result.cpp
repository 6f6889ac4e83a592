// Results of a simulation: read-only arrays over the core's memory, and what outputs say.
#include <pysnn/record.hpp>
#include <pysnn/simulation.hpp>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "arrays.hpp"
#include "bind.hpp"
#include "bound_result.hpp"

namespace pysnn::bindings {
namespace {

using Sizes = std::vector<py::ssize_t>;

Sizes by_sample(const SimulationResult& result) { return {result.num_samples}; }

Sizes by_population(const SimulationResult& result) {
    return {result.num_samples, result.num_populations};
}

Sizes packed(const SimulationResult& result) {
    return {result.num_samples, result.num_steps, (result.num_outputs + 7) / 8};
}

// That of signed outputs alone.
Sizes packed_negative(const SimulationResult& result) {
    return result.output_negative_spikes.empty() ? Sizes{0, 0, 0} : packed(result);
}

// That of a readout alone.
Sizes unpacked(const SimulationResult& result) {
    return result.is_readout ? Sizes{result.num_samples, result.num_steps, result.num_outputs}
                             : Sizes{0, 0, 0};
}

// A property with a number of the result.
template <typename T>
auto number(T SimulationResult::* member) {
    return [=](const BoundResult& self) { return self.result.*member; };
}

// A property with an array of the result over the core's memory.
template <typename T>
auto array(std::vector<T> SimulationResult::* member, Sizes (*sizes)(const SimulationResult&)) {
    return [=](const py::object& self) {
        const SimulationResult& result = self.cast<const BoundResult&>().result;
        return view_of(result.*member, sizes(result), self);
    };
}

Sizes sizes_of(RecordedSpan span, const SimulationResult& result, std::int64_t num_neurons) {
    switch (span) {
        case RecordedSpan::Neurons:
            return {num_neurons};
        case RecordedSpan::SamplesNeurons:
            return {result.num_samples, num_neurons};
        case RecordedSpan::StepsSamplesNeurons:
            return {result.num_steps, result.num_samples, num_neurons};
    }
    throw std::logic_error("unknown RecordedSpan");
}

// The arrays that were kept of a population, by name.
py::dict record_of(const py::object& self, const std::string& what, std::int64_t population) {
    const auto& bound = self.cast<const BoundResult&>();
    if (population < 0 || population >= bound.result.num_populations) {
        throw py::index_error("the network has no population of that number");
    }
    const auto position = static_cast<std::size_t>(population);
    py::dict arrays;
    for (const RecordedArray& each : recorded_arrays(bound.result.records[position], what)) {
        const Sizes sizes = sizes_of(each.span, bound.result, bound.num_neurons[position]);
        arrays[each.name] = std::visit(
            [&](const auto* values) -> py::object { return view_of(*values, sizes, self); },
            each.values);
    }
    return arrays;
}

// A result of packed output spikes (num_samples, num_steps, bytes) alone; negative ones may have no
// samples.
SimulationResult result_of(const py::array& output_spikes, const py::array& negative_spikes,
                           std::int64_t num_outputs) {
    const auto* data = checked_data<std::uint8_t>(output_spikes, 3, "output_spikes");
    const auto* negative = checked_data<std::uint8_t>(negative_spikes, 3, "output_negative_spikes");
    SimulationResult result;
    result.num_samples = output_spikes.shape(0);
    result.num_steps = output_spikes.shape(1);
    result.num_outputs = num_outputs;
    if (output_spikes.shape(2) != (num_outputs + 7) / 8) {
        throw py::value_error("output_spikes has " + std::to_string(output_spikes.shape(2)) +
                              " bytes per step, which do not fit " + std::to_string(num_outputs) +
                              " outputs");
    }
    if (negative_spikes.size() != 0 && negative_spikes.size() != output_spikes.size()) {
        throw py::value_error("output_negative_spikes has " +
                              std::to_string(negative_spikes.size()) + " bytes, expected " +
                              std::to_string(output_spikes.size()));
    }
    result.output_spikes.assign(data, data + output_spikes.size());
    result.output_negative_spikes.assign(negative, negative + negative_spikes.size());
    return result;
}

// A result of a readout's potentials (num_samples, num_steps, num_outputs) alone.
SimulationResult readout_of(const py::array& potentials, const py::array& stopped_step,
                            std::int64_t first_step, std::int64_t delay) {
    const auto* data = checked_data<float>(potentials, 3, "output_potentials");
    SimulationResult result;
    result.first_step = first_step;
    result.num_samples = potentials.shape(0);
    result.num_steps = potentials.shape(1);
    result.num_outputs = potentials.shape(2);
    result.is_readout = true;
    result.readout_delay = delay;
    result.output_potentials.assign(data, data + potentials.size());
    result.stopped_step = copy_of<std::int64_t>(stopped_step, "stopped_step");
    if (stopped_step.size() != potentials.shape(0)) {
        throw py::value_error("stopped_step has " + std::to_string(stopped_step.size()) +
                              " samples, but output_potentials has " +
                              std::to_string(potentials.shape(0)));
    }
    return result;
}

void bind_readings_of_spikes(py::module_& m) {
    m.def(
        "spike_counts",
        [](const py::array& output_spikes, const py::array& negative, std::int64_t num_outputs) {
            const SimulationResult result = result_of(output_spikes, negative, num_outputs);
            return take(result.spike_counts(), {result.num_samples, num_outputs});
        },
        py::arg("output_spikes"), py::arg("output_negative_spikes"), py::arg("num_outputs"));
    m.def(
        "predictions_over_time",
        [](const py::array& output_spikes, const py::array& negative, std::int64_t num_outputs) {
            const SimulationResult result = result_of(output_spikes, negative, num_outputs);
            return take(result.predictions_over_time(), {result.num_steps, result.num_samples});
        },
        py::arg("output_spikes"), py::arg("output_negative_spikes"), py::arg("num_outputs"));
    m.def(
        "first_spike_step",
        [](const py::array& output_spikes, const py::array& negative, std::int64_t num_outputs,
           std::int64_t first_step) {
            SimulationResult result = result_of(output_spikes, negative, num_outputs);
            result.first_step = first_step;
            return take(result.first_spike_step(), {result.num_samples});
        },
        py::arg("output_spikes"), py::arg("output_negative_spikes"), py::arg("num_outputs"),
        py::arg("first_step"));
}

void bind_readings_of_potentials(py::module_& m) {
    m.def(
        "predictions_of_potentials",
        [](const py::array& potentials, const py::array& stopped_step, std::int64_t first_step,
           std::int64_t delay) {
            const SimulationResult result = readout_of(potentials, stopped_step, first_step, delay);
            return take(result.predictions_over_time(), {result.num_steps, result.num_samples});
        },
        py::arg("output_potentials"), py::arg("stopped_step"), py::arg("first_step"),
        py::arg("delay"));
    m.def(
        "outputs_of_potentials",
        [](const py::array& potentials, const py::array& stopped_step, std::int64_t first_step,
           std::int64_t delay, double scale) {
            SimulationResult result = readout_of(potentials, stopped_step, first_step, delay);
            result.output_scale = scale;
            return take(result.outputs(), {result.num_samples, result.num_outputs});
        },
        py::arg("output_potentials"), py::arg("stopped_step"), py::arg("first_step"),
        py::arg("delay"), py::arg("scale"));
}

}  // namespace

void bind_result(py::module_& m) {
    using Result = SimulationResult;
    py::class_<BoundResult>(m, "SimulationResult")
        .def_property_readonly("first_step", number(&Result::first_step))
        .def_property_readonly("num_steps", number(&Result::num_steps))
        .def_property_readonly("num_samples", number(&Result::num_samples))
        .def_property_readonly("num_outputs", number(&Result::num_outputs))
        .def_property_readonly("output_spikes", array(&Result::output_spikes, &packed))
        .def_property_readonly("output_negative_spikes",
                               array(&Result::output_negative_spikes, &packed_negative))
        .def_property_readonly("output_potentials", array(&Result::output_potentials, &unpacked))
        .def_property_readonly("output_scale", number(&Result::output_scale))
        .def_property_readonly("is_readout", number(&Result::is_readout))
        .def_property_readonly("readout_delay", number(&Result::readout_delay))
        .def_property_readonly("input_spikes", array(&Result::num_input_spikes, &by_sample))
        .def_property_readonly("spikes", array(&Result::num_spikes, &by_population))
        .def_property_readonly("synaptic_operations",
                               array(&Result::synaptic_operations, &by_population))
        .def_property_readonly("stopped_step", array(&Result::stopped_step, &by_sample))
        .def("record", &record_of, py::arg("what"), py::arg("population"));
    bind_readings_of_spikes(m);
    bind_readings_of_potentials(m);
}

}  // namespace pysnn::bindings
