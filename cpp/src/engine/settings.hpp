// What holds for every call of a simulation.
#pragma once

#include <cstdint>
#include <optional>
#include <pysnn/simulation.hpp>
#include <vector>

#include "base/array.hpp"
#include "record/recording.hpp"

namespace pysnn::detail {

/// When a sample ends before its last step; see SimulationOptions::stop_margin.
struct StopRule {
    double margin = 0.0;  // 0: never
    std::int64_t interval = 16;

    bool applies() const { return margin > 0.0; }
};

/// The options of a simulation, checked against its network.
struct Settings {
    std::int64_t num_samples = 0;
    Encoding encoding = Encoding::Poisson;  // of intensities
    std::uint64_t seed = 0;
    std::vector<std::uint64_t> sample_ids;  // (num_samples), empty: row numbers
    Array<float> refractory_steps;          // by population, 0 without a period
    StopRule stop;
    RecordingPlan recording;
};

/// The encoding of a network's simulations: the given one, else that which it is packed for, else
/// that of its description, else Poisson.
inline Encoding encoding_of(const SpikingNetwork& network, const std::optional<Encoding>& given) {
    const std::optional<Encoding> own =
        network.packed_for() ? network.packed_for() : network.description().encoding;
    return given.value_or(own.value_or(Encoding::Poisson));
}

/// Throws:
///     std::invalid_argument: an option is out of its range, or names no population.
Settings make_settings(const SpikingNetwork& network, std::int64_t num_samples,
                       const SimulationOptions& options);

}  // namespace pysnn::detail
