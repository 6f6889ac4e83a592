#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace pysnn::detail {

// Words of the model file that its writer and its reader share. Changing one needs a new
// kFormatVersion.
inline constexpr std::uint64_t kFormatVersion = 1;
inline constexpr const char* kDescriptionKey = "pysnn";  // in the metadata of the container
inline constexpr const char* kNetworkKind = "network";
inline constexpr const char* kSpikingNetworkKind = "spiking_network";

/// "conv1/weight": a tensor of a layer or of a population.
inline std::string tensor_name(const std::string& owner, const char* tensor) {
    return owner + "/" + tensor;
}

/// "conv1/0": what the tensors of a population's projection begin with.
inline std::string projection_name(const std::string& population, std::size_t index) {
    return population + "/" + std::to_string(index);
}

}  // namespace pysnn::detail
