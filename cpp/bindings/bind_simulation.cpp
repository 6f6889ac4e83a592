#include <pybind11/functional.h>
#include <pybind11/stl.h>

#include <atomic>
#include <optional>
#include <pysnn/input.hpp>
#include <pysnn/simulation.hpp>
#include <stdexcept>

#include "arrays.hpp"
#include "bind.hpp"
#include "callbacks.hpp"

namespace pysnn::bindings {
namespace {

using Names = std::vector<std::string>;

void check_inputs(const py::array& array, std::int64_t num_inputs, const char* name) {
    const py::ssize_t columns = array.shape(array.ndim() - 1);
    if (columns != num_inputs) {
        throw py::value_error(std::string(name) + " has " + std::to_string(columns) +
                              " inputs per sample, but the network has " +
                              std::to_string(num_inputs));
    }
}

Encoding encoding_of(const std::string& name) {
    if (name == "poisson") {
        return Encoding::Poisson;
    }
    if (name == "regular") {
        return Encoding::Regular;
    }
    if (name == "constant") {
        return Encoding::Constant;
    }
    throw py::value_error("encoding is '" + name +
                          "', but must be 'poisson', 'regular' or 'constant'");
}

SimulationOptions make_options(double dt, double max_rate, std::uint64_t seed,
                               const std::string& encoding, double bias_scale,
                               const py::object& sample_ids, Names record_spikes,
                               Names record_potentials, Names record_counts, Names record_balance,
                               std::int64_t stop_margin, std::int64_t stop_interval,
                               int num_threads, Progress progress) {
    SimulationOptions options;
    options.dt = dt;
    options.max_rate = max_rate;
    options.seed = seed;
    options.encoding = encoding_of(encoding);
    options.bias_scale = bias_scale;
    options.sample_ids = optional_ids(sample_ids, "sample_ids");
    options.record = {std::move(record_spikes), std::move(record_potentials),
                      std::move(record_counts), std::move(record_balance)};
    options.stop_margin = stop_margin;
    options.stop_interval = stop_interval;
    options.num_threads = num_threads;
    options.progress = with_gil(std::move(progress));
    options.should_stop = &signal_arrived;
    return options;
}

void bind_options(py::module_& m) {
    py::class_<SimulationOptions>(m, "SimulationOptions")
        .def(py::init(&make_options), py::kw_only(), py::arg("dt"), py::arg("max_rate"),
             py::arg("seed"), py::arg("encoding"), py::arg("bias_scale"), py::arg("sample_ids"),
             py::arg("record_spikes"), py::arg("record_potentials"), py::arg("record_counts"),
             py::arg("record_balance"), py::arg("stop_margin"), py::arg("stop_interval"),
             py::arg("num_threads"), py::arg("progress"));
}

// Flat arrays per population, empty where nothing was recorded.
py::list records_of(const py::object& self) {
    const auto flat = [&](const auto& values) {
        return view_of(values, {static_cast<py::ssize_t>(values.size())}, self);
    };
    py::list records;
    for (const PopulationRecord& record : self.cast<const SimulationResult&>().records) {
        records.append(
            py::make_tuple(flat(record.spikes), flat(record.potentials), flat(record.counts)));
    }
    return records;
}

// The arrays of one population's balance by their names; those over samples are flat.
py::dict balance_of(const py::object& self, std::size_t population) {
    const auto& records = self.cast<const SimulationResult&>().records;
    if (population >= records.size()) {
        throw py::index_error("the network has no population of that number");
    }
    const Balance& balance = records[population].balance;
    py::dict arrays;
    const auto add = [&](const char* name, const auto& values) {
        arrays[name] = view_of(values, {static_cast<py::ssize_t>(values.size())}, self);
    };
    add("threshold", balance.threshold);
    add("input_charge", balance.input_charge);
    add("dropped_charge", balance.dropped_charge);
    add("excess_charge", balance.excess_charge);
    add("rounding_charge", balance.rounding_charge);
    add("initial_potential", balance.initial_potential);
    add("final_potential", balance.final_potential);
    add("spike_counts", balance.spike_counts);
    add("multi_spike_steps", balance.multi_spike_steps);
    return arrays;
}

void bind_result(py::module_& m) {
    using Result = SimulationResult;
    py::class_<Result>(m, "SimulationResult")
        .def_readonly("first_step", &Result::first_step)
        .def_readonly("num_steps", &Result::num_steps)
        .def_readonly("num_samples", &Result::num_samples)
        .def_readonly("num_outputs", &Result::num_outputs)
        .def_property_readonly(
            "output_spikes",
            [](const py::object& self) {
                const auto& result = self.cast<const Result&>();
                return view_of(result.output_spikes,
                               {result.num_samples, result.num_steps, (result.num_outputs + 7) / 8},
                               self);
            })
        .def_property_readonly("input_spikes",
                               [](const py::object& self) {
                                   const auto& result = self.cast<const Result&>();
                                   return view_of(result.input_spikes, {result.num_samples}, self);
                               })
        .def_property_readonly(
            "spikes",
            [](const py::object& self) {
                const auto& result = self.cast<const Result&>();
                return view_of(result.spikes, {result.num_samples, result.num_populations}, self);
            })
        .def_property_readonly("synaptic_operations",
                               [](const py::object& self) {
                                   const auto& result = self.cast<const Result&>();
                                   return view_of(result.synaptic_operations,
                                                  {result.num_samples, result.num_populations},
                                                  self);
                               })
        .def_property_readonly("stopped_step",
                               [](const py::object& self) {
                                   const auto& result = self.cast<const Result&>();
                                   return view_of(result.stopped_step, {result.num_samples}, self);
                               })
        .def_property_readonly("records", &records_of)
        .def("balance", &balance_of, py::arg("population"))
        .def(
            "loses_excess",
            [](const Result& self, std::size_t population) {
                return self.records.at(population).balance.loses_excess;
            },
            py::arg("population"))
        .def("spike_counts",
             [](const Result& self) {
                 return take(self.spike_counts(), {self.num_samples, self.num_outputs});
             })
        .def("predictions_over_time",
             [](const Result& self) {
                 return take(self.predictions_over_time(), {self.num_steps, self.num_samples});
             })
        .def("first_spike_step",
             [](const Result& self) { return take(self.first_spike_step(), {self.num_samples}); });
}

const std::uint8_t* checked_spikes(const py::array& spikes, std::int64_t num_samples,
                                   std::int64_t num_inputs) {
    const auto* data = checked_data<std::uint8_t>(spikes, 3, "spikes");
    check_inputs(spikes, num_inputs, "spikes");
    if (num_samples >= 0 && spikes.shape(1) != num_samples) {
        throw py::value_error("spikes has " + std::to_string(spikes.shape(1)) +
                              " samples, but the simulation has " + std::to_string(num_samples));
    }
    return data;
}

// A Simulation and what its arrays are checked against.
struct BoundSimulation {
    BoundSimulation(const SpikingNetwork& network, std::int64_t num_samples,
                    const SimulationOptions& options)
        : num_inputs(network.num_inputs()),
          num_outputs(network.num_outputs()),
          num_neurons(network.num_neurons()),
          simulation(network, num_samples, options) {}
    std::int64_t num_inputs;
    std::int64_t num_outputs;
    std::vector<std::int64_t> num_neurons;
    Simulation simulation;
    std::atomic<bool> is_busy{false};
};

// Holds a Simulation for one call: its state must not be read or changed while it runs elsewhere.
class Exclusive {
  public:
    explicit Exclusive(BoundSimulation& simulation) : simulation_(simulation) {
        if (simulation.is_busy.exchange(true)) {
            throw std::runtime_error("the simulation is running in another thread");
        }
    }
    ~Exclusive() { simulation_.is_busy.store(false); }
    Exclusive(const Exclusive&) = delete;
    Exclusive& operator=(const Exclusive&) = delete;

  private:
    BoundSimulation& simulation_;
};

SimulationResult run(BoundSimulation& self, const py::array& x, std::int64_t num_steps) {
    const float* data = checked_data<float>(x, 2, "x");
    check_inputs(x, self.num_inputs, "x");
    if (x.shape(0) != self.simulation.num_samples()) {
        throw py::value_error("x has " + std::to_string(x.shape(0)) +
                              " samples, but the simulation has " +
                              std::to_string(self.simulation.num_samples()));
    }
    const Exclusive exclusive(self);
    const py::gil_scoped_release release;
    return self.simulation.run(data, num_steps);
}

SimulationResult run_spikes(BoundSimulation& self, const py::array& spikes) {
    const auto* data = checked_spikes(spikes, self.simulation.num_samples(), self.num_inputs);
    const std::int64_t num_steps = spikes.shape(0);
    const Exclusive exclusive(self);
    const py::gil_scoped_release release;
    return self.simulation.run_spikes(data, num_steps);
}

void bind_state(py::module_& m) {
    using Bound = BoundSimulation;
    py::class_<Bound>(m, "Simulation")
        .def(py::init<const SpikingNetwork&, std::int64_t, const SimulationOptions&>(),
             py::arg("network"), py::arg("num_samples"), py::arg("options"),
             py::call_guard<py::gil_scoped_release>())
        .def("run", &run, py::arg("x"), py::arg("num_steps"))
        .def("run_spikes", &run_spikes, py::arg("spikes"))
        .def("reset",
             [](Bound& self) {
                 const Exclusive exclusive(self);
                 self.simulation.reset();
             })
        .def_property_readonly("next_step",
                               [](Bound& self) {
                                   const Exclusive exclusive(self);
                                   return self.simulation.next_step();
                               })
        .def("spike_counts",
             [](Bound& self) {
                 const Exclusive exclusive(self);
                 return take(std::vector<std::uint32_t>(self.simulation.spike_counts()),
                             {self.simulation.num_samples(), self.num_outputs});
             })
        .def(
            "membrane_potential",
            [](Bound& self, std::int64_t population) {
                const Exclusive exclusive(self);
                std::vector<float> values = self.simulation.membrane_potential(population);
                return take(std::move(values),
                            {self.simulation.num_samples(),
                             self.num_neurons[static_cast<std::size_t>(population)]});
            },
            py::arg("population"));
}

py::array_t<std::uint8_t> draw(const py::array& x, std::int64_t num_steps, double dt,
                               double max_rate, std::uint64_t seed, const py::object& sample_ids,
                               std::int64_t first_step, int num_threads) {
    const float* data = checked_data<float>(x, 2, "x");
    PoissonOptions options;
    options.dt = dt;
    options.max_rate = max_rate;
    options.seed = seed;
    options.sample_ids = optional_ids(sample_ids, "sample_ids");
    options.first_step = first_step;
    options.num_threads = num_threads;
    options.should_stop = &signal_arrived;
    py::array_t<std::uint8_t> spikes({static_cast<py::ssize_t>(num_steps), x.shape(0), x.shape(1)});
    std::uint8_t* target = spikes.mutable_data();
    const std::int64_t num_samples = x.shape(0);
    const std::int64_t num_inputs = x.shape(1);
    const py::gil_scoped_release release;
    poisson_spikes(data, num_samples, num_inputs, num_steps, options, target);
    return spikes;
}

py::array_t<std::uint8_t> space_evenly(const py::array& x, std::int64_t num_steps, double dt,
                                       double max_rate, std::int64_t first_step, int num_threads) {
    const float* data = checked_data<float>(x, 2, "x");
    RegularOptions options;
    options.dt = dt;
    options.max_rate = max_rate;
    options.first_step = first_step;
    options.num_threads = num_threads;
    options.should_stop = &signal_arrived;
    py::array_t<std::uint8_t> spikes({static_cast<py::ssize_t>(num_steps), x.shape(0), x.shape(1)});
    std::uint8_t* target = spikes.mutable_data();
    const std::int64_t num_samples = x.shape(0);
    const std::int64_t num_inputs = x.shape(1);
    const py::gil_scoped_release release;
    regular_spikes(data, num_samples, num_inputs, num_steps, options, target);
    return spikes;
}

}  // namespace

void bind_simulation(py::module_& m) {
    bind_options(m);
    bind_result(m);
    bind_state(m);
    m.def(
        "simulate",
        [](const SpikingNetwork& network, const py::array& x, std::int64_t num_steps,
           SimulationOptions options) {
            const float* data = checked_data<float>(x, 2, "x");
            check_inputs(x, network.num_inputs(), "x");
            options.num_steps = num_steps;
            const std::int64_t num_samples = x.shape(0);
            const py::gil_scoped_release release;
            return simulate(network, data, num_samples, options);
        },
        py::arg("network"), py::arg("x"), py::arg("num_steps"), py::arg("options"));
    m.def(
        "simulate_spikes",
        [](const SpikingNetwork& network, const py::array& spikes,
           const SimulationOptions& options) {
            const auto* data = checked_spikes(spikes, -1, network.num_inputs());
            const std::int64_t num_steps = spikes.shape(0);
            const std::int64_t num_samples = spikes.shape(1);
            const py::gil_scoped_release release;
            return simulate_spikes(network, data, num_steps, num_samples, options);
        },
        py::arg("network"), py::arg("spikes"), py::arg("options"));
    m.def("poisson_spikes", &draw, py::arg("x"), py::arg("num_steps"), py::arg("dt"),
          py::arg("max_rate"), py::arg("seed"), py::arg("sample_ids"), py::arg("first_step"),
          py::arg("num_threads"));
    m.def("regular_spikes", &space_evenly, py::arg("x"), py::arg("num_steps"), py::arg("dt"),
          py::arg("max_rate"), py::arg("first_step"), py::arg("num_threads"));
}

}  // namespace pysnn::bindings
