// Checks of a simulation's options.

#include "engine/settings.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "base/text.hpp"
#include "engine/encoding.hpp"

namespace pysnn::detail {
namespace {

constexpr double kMaxRefractorySteps = 16777216.0;  // counted in float32

void check_stop_rule(const SimulationOptions& options, const Population& output) {
    const double margin = options.stop_margin;
    const bool counts_spikes = output.neuron != NeuronModel::Readout;
    if (!std::isfinite(margin) || margin < 0.0 || (counts_spikes && margin != std::floor(margin))) {
        throw std::invalid_argument(
            "stop_margin is " + to_text(margin) +
            (counts_spikes ? ", expected a whole number of spikes of at least 1, or 0 for none"
                           : ", expected a finite difference above 0, or 0 for none"));
    }
    if (options.stop_interval < 1) {
        throw std::invalid_argument("stop_interval is " + std::to_string(options.stop_interval) +
                                    ", expected at least 1");
    }
}

float steps_of(const Population& population, double dt) {
    const double steps = std::nearbyint(population.refractory_period / dt);
    if (steps > kMaxRefractorySteps) {
        throw std::invalid_argument("population '" + population.name + "': refractory_period is " +
                                    to_text(steps) + " steps of dt, expected at most 2^24");
    }
    return static_cast<float>(steps);
}

}  // namespace

Settings make_settings(const SpikingNetwork& network, std::int64_t num_samples,
                       const SimulationOptions& options) {
    if (num_samples < 0) {
        throw std::invalid_argument("num_samples is " + std::to_string(num_samples) +
                                    ", expected at least 0");
    }
    check_sample_ids(options.sample_ids, num_samples);
    check_stop_rule(options, network.description().populations.back());
    check_dt(options.dt);
    Settings settings;
    settings.num_samples = num_samples;
    settings.encoding = encoding_of(network, options.encoding);
    settings.seed = options.seed;
    settings.sample_ids = options.sample_ids;
    settings.stop = {options.stop_margin, options.stop_interval};
    settings.recording = RecordingPlan(network.description(), options.record);
    for (const Population& population : network.description().populations) {
        settings.refractory_steps.push_back(steps_of(population, options.dt));
    }
    return settings;
}

}  // namespace pysnn::detail
