// A result with the sizes that its arrays need.
#pragma once

#include <cstdint>
#include <pysnn/simulation.hpp>
#include <vector>

namespace pysnn::bindings {

struct BoundResult {
    SimulationResult result;
    std::vector<std::int64_t> num_neurons;  // by population
};

}  // namespace pysnn::bindings
