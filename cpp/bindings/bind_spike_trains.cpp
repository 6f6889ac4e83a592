// Spike trains of intensities under an encoding.
#include <pysnn/input.hpp>
#include <string>

#include "arrays.hpp"
#include "bind.hpp"
#include "callbacks.hpp"
#include "values.hpp"

namespace pysnn::bindings {
namespace {

template <typename Spike>
py::array spike_trains_of(const py::array& x, std::int64_t num_steps,
                          const SpikeTrainOptions& options) {
    const float* data = checked_data<float>(x, 2, "x");
    const std::int64_t num_samples = x.shape(0);
    const std::int64_t num_inputs = x.shape(1);
    py::array_t<Spike> spikes({static_cast<py::ssize_t>(num_steps), x.shape(0), x.shape(1)});
    Spike* target = spikes.mutable_data();
    {
        const py::gil_scoped_release release;
        if (options.encoding == Encoding::Poisson) {
            poisson_spikes(data, num_samples, num_inputs, num_steps, options, target);
        } else {
            regular_spikes(data, num_samples, num_inputs, num_steps, options, target);
        }
    }
    return spikes;
}

py::array spike_trains(const py::array& x, std::int64_t num_steps, double dt, double max_rate,
                       std::uint64_t seed, const std::string& encoding,
                       const py::object& sample_ids, std::int64_t first_step, bool is_signed,
                       int num_threads) {
    SpikeTrainOptions options;
    options.encoding = enum_of("encoding", kEncodings, encoding);
    if (options.encoding == Encoding::Constant) {
        throw py::value_error("encoding is 'constant', which makes no spikes");
    }
    options.dt = dt;
    options.max_rate = max_rate;
    options.seed = seed;
    options.sample_ids = optional_ids(sample_ids, "sample_ids");
    options.first_step = first_step;
    options.num_threads = num_threads;
    options.should_stop = &signal_arrived;
    return is_signed ? spike_trains_of<std::int8_t>(x, num_steps, options)
                     : spike_trains_of<std::uint8_t>(x, num_steps, options);
}

}  // namespace

void bind_spike_trains(py::module_& m) {
    m.def("spike_trains", &spike_trains, py::arg("x"), py::arg("num_steps"), py::kw_only(),
          py::arg("dt"), py::arg("max_rate"), py::arg("seed"), py::arg("encoding"),
          py::arg("sample_ids"), py::arg("first_step"), py::arg("is_signed"),
          py::arg("num_threads"));
}

}  // namespace pysnn::bindings
