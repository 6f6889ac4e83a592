#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <pysnn/spiking_network.hpp>
#include <stdexcept>
#include <string>
#include <variant>

namespace pysnn::detail {

/// Checks that a network takes no more memory than its file justifies.
///
/// A file has bytes for every weight and every neuron, but none for an input, and a kernel of a few
/// bytes reads as many sources as it is told. The sources of all Conv2d and AvgPool2d must
/// therefore stay in proportion: 2^24 sources are free, one more costs a byte of the
/// file. A network whose first population is not much smaller than its input is far below that.
///
/// Throws:
///     std::invalid_argument: the network has more sources, or a shape has a size below 1.
inline void check_proportion(const SpikingNetworkDescription& description, std::size_t file_size) {
    constexpr std::int64_t kFreeSources = std::int64_t{1} << 24;
    std::map<std::string, std::int64_t> num_neurons{
        {kInputName, num_elements(description.input_shape)}};
    std::int64_t num_sources = 0;
    for (const Population& population : description.populations) {
        for (const Projection& projection : population.projections) {
            const auto source = num_neurons.find(projection.source);
            // An unknown source is for SpikingNetwork to refuse.
            if (source != num_neurons.end() && !std::holds_alternative<Linear>(projection.layer)) {
                num_sources += source->second;
            }
        }
        num_neurons.emplace(population.name, num_elements(population.shape));
    }
    const std::int64_t limit = kFreeSources + static_cast<std::int64_t>(file_size);
    if (num_sources > limit) {
        throw std::invalid_argument("sources of all Conv2d and AvgPool2d add up to " +
                                    std::to_string(num_sources) + " neurons, but a file of " +
                                    std::to_string(file_size) + " bytes may have " +
                                    std::to_string(limit));
    }
}

}  // namespace pysnn::detail
