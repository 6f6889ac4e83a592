// Results of a simulation: read-only arrays over the core's memory, and what output spikes say.
#include <pysnn/simulation.hpp>
#include <string>
#include <vector>

#include "arrays.hpp"
#include "bind.hpp"

namespace pysnn::bindings {
namespace {

using Result = SimulationResult;

// A property with the array of one member, whose shape is made of the result's sizes.
template <typename T, typename GetShape>
auto array_of(std::vector<T> Result::* member, GetShape get_shape) {
    return [=](const py::object& self) {
        const auto& result = self.cast<const Result&>();
        return view_of(result.*member, get_shape(result), self);
    };
}

// The arrays that were kept of a population, by name.
py::dict record_of(const py::object& self, const std::string& what, std::int64_t population) {
    const auto& result = self.cast<const Result&>();
    if (population < 0 || population >= result.num_populations) {
        throw py::index_error("the network has no population of that number");
    }
    const PopulationRecord& record = result.records[static_cast<std::size_t>(population)];
    py::dict arrays;
    const auto add = [&](const char* name, const auto& values, std::vector<py::ssize_t> outer) {
        py::ssize_t size = 1;
        for (const py::ssize_t extent : outer) {
            size *= extent;
        }
        const auto total = static_cast<py::ssize_t>(values.size());
        outer.push_back(size == 0 ? 0 : total / size);
        arrays[name] = view_of(values, std::move(outer), self);
    };
    const std::vector<py::ssize_t> over_time{result.num_steps, result.num_samples};
    const std::vector<py::ssize_t> over_samples{result.num_samples};
    if (what == "spikes") {
        add("spikes", record.spikes, over_time);
    } else if (what == "potentials") {
        add("potentials", record.potentials, over_time);
    } else if (what == "counts") {
        add("counts", record.counts, over_samples);
    } else if (what == "balance") {
        const Balance& balance = record.balance;
        add("threshold", balance.threshold, {});
        add("input_charge", balance.input_charge, over_samples);
        add("dropped_charge", balance.dropped_charge, over_samples);
        add("excess_charge", balance.excess_charge, over_samples);
        add("rounding_charge", balance.rounding_charge, over_samples);
        add("initial_potential", balance.initial_potential, over_samples);
        add("final_potential", balance.final_potential, over_samples);
        add("spike_counts", balance.spike_counts, over_samples);
        add("multi_spike_steps", balance.multi_spike_steps, over_samples);
    } else {
        throw py::value_error("record has no '" + what + "'");
    }
    return arrays;
}

// A result of packed output spikes (num_samples, num_steps, bytes) alone.
Result result_of(const py::array& output_spikes, std::int64_t num_outputs) {
    const auto* data = checked_data<std::uint8_t>(output_spikes, 3, "output_spikes");
    Result result;
    result.num_samples = output_spikes.shape(0);
    result.num_steps = output_spikes.shape(1);
    result.num_outputs = num_outputs;
    if (output_spikes.shape(2) != (num_outputs + 7) / 8) {
        throw py::value_error("output_spikes has " + std::to_string(output_spikes.shape(2)) +
                              " bytes per step, which do not fit " + std::to_string(num_outputs) +
                              " outputs");
    }
    result.output_spikes.assign(data, data + output_spikes.size());
    return result;
}

}  // namespace

void bind_result(py::module_& m) {
    const auto by_sample = [](const Result& result) {
        return std::vector<py::ssize_t>{result.num_samples};
    };
    const auto by_population = [](const Result& result) {
        return std::vector<py::ssize_t>{result.num_samples, result.num_populations};
    };
    const auto packed = [](const Result& result) {
        return std::vector<py::ssize_t>{result.num_samples, result.num_steps,
                                        (result.num_outputs + 7) / 8};
    };
    py::class_<Result>(m, "SimulationResult")
        .def_readonly("first_step", &Result::first_step)
        .def_readonly("num_steps", &Result::num_steps)
        .def_readonly("num_samples", &Result::num_samples)
        .def_readonly("num_outputs", &Result::num_outputs)
        .def_property_readonly("output_spikes", array_of(&Result::output_spikes, packed))
        .def_property_readonly("input_spikes", array_of(&Result::input_spikes, by_sample))
        .def_property_readonly("spikes", array_of(&Result::spikes, by_population))
        .def_property_readonly("synaptic_operations",
                               array_of(&Result::synaptic_operations, by_population))
        .def_property_readonly("stopped_step", array_of(&Result::stopped_step, by_sample))
        .def("record", &record_of, py::arg("what"), py::arg("population"));
    m.def(
        "spike_counts",
        [](const py::array& output_spikes, std::int64_t num_outputs) {
            const Result result = result_of(output_spikes, num_outputs);
            return take(result.spike_counts(), {result.num_samples, num_outputs});
        },
        py::arg("output_spikes"), py::arg("num_outputs"));
    m.def(
        "predictions_over_time",
        [](const py::array& output_spikes, std::int64_t num_outputs) {
            const Result result = result_of(output_spikes, num_outputs);
            return take(result.predictions_over_time(), {result.num_steps, result.num_samples});
        },
        py::arg("output_spikes"), py::arg("num_outputs"));
    m.def(
        "first_spike_step",
        [](const py::array& output_spikes, std::int64_t num_outputs, std::int64_t first_step) {
            Result result = result_of(output_spikes, num_outputs);
            result.first_step = first_step;
            return take(result.first_spike_step(), {result.num_samples});
        },
        py::arg("output_spikes"), py::arg("num_outputs"), py::arg("first_step"));
}

}  // namespace pysnn::bindings
