// Simulations: of a batch at once, and of one whose state is kept from call to call.
#include <pybind11/functional.h>
#include <pybind11/stl.h>

#include <atomic>
#include <functional>
#include <pysnn/simulation.hpp>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "bind.hpp"
#include "bound_result.hpp"
#include "callbacks.hpp"

namespace pysnn::bindings {
namespace {

// A Simulation and what its arrays are checked against.
class BoundSimulation {
  public:
    BoundSimulation(const SpikingNetwork& network, std::int64_t num_samples,
                    const SimulationOptions& options)
        : num_inputs(network.num_inputs()),
          num_outputs(network.num_outputs()),
          num_neurons(network.num_neurons()),
          simulation(network, num_samples, with_progress(options)) {}
    BoundSimulation(const BoundSimulation&) = delete;
    BoundSimulation& operator=(const BoundSimulation&) = delete;

    const std::int64_t num_inputs;
    const std::int64_t num_outputs;
    const std::vector<std::int64_t> num_neurons;
    Simulation simulation;

  private:
    friend class Exclusive;

    SimulationOptions with_progress(SimulationOptions options) {
        options.progress = [this](double fraction) {
            if (report_) {
                report_(fraction);
            }
        };
        return options;
    }

    // Of the running call only: Python can't see what C++ holds, so that a callback kept here
    // whose object holds this simulation would never be freed.
    std::function<void(double)> report_;
    std::atomic<bool> is_busy_{false};
};

// Holds a Simulation for one call: its state must not be read or changed while it runs elsewhere.
class Exclusive {
  public:
    explicit Exclusive(BoundSimulation& bound, Progress report = {}) : bound_(bound) {
        if (bound.is_busy_.exchange(true)) {
            throw std::runtime_error("the simulation is running in another thread");
        }
        bound.report_ = with_gil(std::move(report));
    }
    ~Exclusive() {
        bound_.report_ = nullptr;
        bound_.is_busy_.store(false);
    }
    Exclusive(const Exclusive&) = delete;
    Exclusive& operator=(const Exclusive&) = delete;

  private:
    BoundSimulation& bound_;
};

BoundResult run(BoundSimulation& self, const py::array& x, std::int64_t num_steps,
                Progress report) {
    const float* data = checked_data<float>(x, 2, "x");
    check_inputs(x, self.num_inputs, "x");
    if (x.shape(0) != self.simulation.num_samples()) {
        throw py::value_error("x has " + std::to_string(x.shape(0)) +
                              " samples, but the simulation has " +
                              std::to_string(self.simulation.num_samples()));
    }
    const Exclusive exclusive(self, std::move(report));
    const py::gil_scoped_release release;
    return {self.simulation.run(data, num_steps), self.num_neurons};
}

template <typename Spike>
BoundResult run_spikes_of(BoundSimulation& self, const py::array& spikes, Progress report) {
    const auto* data =
        checked_spikes<Spike>(spikes, self.simulation.num_samples(), self.num_inputs);
    const std::int64_t num_steps = spikes.shape(0);
    const Exclusive exclusive(self, std::move(report));
    const py::gil_scoped_release release;
    return {self.simulation.run_spikes(data, num_steps), self.num_neurons};
}

BoundResult run_spikes(BoundSimulation& self, const py::array& spikes, Progress report) {
    const auto run = has_signs(spikes) ? run_spikes_of<std::int8_t> : run_spikes_of<std::uint8_t>;
    return run(self, spikes, std::move(report));
}

// (next_step, spike_counts, for each population the four arrays of its PopulationState), flat.
py::tuple state_of(BoundSimulation& self) {
    const Exclusive exclusive(self);
    SimulationState state = self.simulation.state();
    const auto flat = [](auto values) {
        const auto size = static_cast<py::ssize_t>(values.size());
        return take(std::move(values), {size});
    };
    py::list populations;
    for (PopulationState& each : state.populations) {
        populations.append(py::make_tuple(
            flat(std::move(each.potential)), flat(std::move(each.refractory_steps_left)),
            flat(std::move(each.spike_counts)), flat(std::move(each.source_counts))));
    }
    return py::make_tuple(state.next_step, flat(std::move(state.spike_counts)), populations);
}

void restore(BoundSimulation& self, const py::tuple& values) {
    const auto [next_step, spike_counts, populations] =
        values.cast<std::tuple<std::int64_t, py::array, py::list>>();
    SimulationState state;
    state.next_step = next_step;
    state.spike_counts = copy_of<std::int32_t>(spike_counts, "spike_counts");
    for (const py::handle& each : populations) {
        const auto [potential, steps_left, sent, received] =
            each.cast<std::tuple<py::array, py::array, py::array, py::array>>();
        state.populations.push_back({copy_of<float>(potential, "potential"),
                                     copy_of<std::int32_t>(steps_left, "refractory_steps_left"),
                                     copy_of<std::int32_t>(sent, "spike_counts"),
                                     copy_of<std::int32_t>(received, "source_counts")});
    }
    const Exclusive exclusive(self);
    self.simulation.restore(state);
}

void bind_state(py::module_& m) {
    using Bound = BoundSimulation;
    py::class_<Bound>(m, "Simulation")
        .def(py::init<const SpikingNetwork&, std::int64_t, const SimulationOptions&>(),
             py::arg("network"), py::arg("num_samples"), py::arg("options"),
             py::call_guard<py::gil_scoped_release>())
        .def("run", &run, py::arg("x"), py::arg("num_steps"), py::arg("report") = py::none())
        .def("run_spikes", &run_spikes, py::arg("spikes"), py::arg("report") = py::none())
        .def("reset",
             [](Bound& self) {
                 const Exclusive exclusive(self);
                 self.simulation.reset();
             })
        .def("state", &state_of)
        .def("restore", &restore, py::arg("state"))
        .def_property_readonly("next_step",
                               [](Bound& self) {
                                   const Exclusive exclusive(self);
                                   return self.simulation.next_step();
                               })
        .def("spike_counts",
             [](Bound& self) {
                 const Exclusive exclusive(self);
                 return take(std::vector<std::int32_t>(self.simulation.spike_counts()),
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

template <typename Spike>
BoundResult simulate_spikes_of(const SpikingNetwork& network, const py::array& spikes,
                               const SimulationOptions& options) {
    const auto* data = checked_spikes<Spike>(spikes, -1, network.num_inputs());
    const std::int64_t num_steps = spikes.shape(0);
    const std::int64_t num_samples = spikes.shape(1);
    const py::gil_scoped_release release;
    return {simulate_spikes(network, data, num_steps, num_samples, options), network.num_neurons()};
}

BoundResult simulate_given(const SpikingNetwork& network, const py::array& spikes,
                           SimulationOptions options, Progress report) {
    options.progress = with_gil(std::move(report));
    return has_signs(spikes) ? simulate_spikes_of<std::int8_t>(network, spikes, options)
                             : simulate_spikes_of<std::uint8_t>(network, spikes, options);
}

}  // namespace

void bind_simulation(py::module_& m) {
    bind_state(m);
    m.def(
        "simulate",
        [](const SpikingNetwork& network, const py::array& x, std::int64_t num_steps,
           SimulationOptions options, Progress report) {
            const float* data = checked_data<float>(x, 2, "x");
            check_inputs(x, network.num_inputs(), "x");
            options.num_steps = num_steps;
            options.progress = with_gil(std::move(report));
            const std::int64_t num_samples = x.shape(0);
            const py::gil_scoped_release release;
            return BoundResult{simulate(network, data, num_samples, options),
                               network.num_neurons()};
        },
        py::arg("network"), py::arg("x"), py::arg("num_steps"), py::arg("options"),
        py::arg("report") = py::none());
    m.def("simulate_spikes", &simulate_given, py::arg("network"), py::arg("spikes"),
          py::arg("options"), py::arg("report") = py::none());
}

}  // namespace pysnn::bindings
