// The words and the versions of the model file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace pysnn::detail {

// Words of the model file that its writer and its reader share. Changing one needs a new version.
// A network is written in the oldest version that has room for it; all up to the newest are read.
inline constexpr int kNewestVersion = 2;
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
