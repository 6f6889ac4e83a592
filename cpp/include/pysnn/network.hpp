#pragma once

#include <pysnn/export.hpp>
#include <pysnn/layer.hpp>
#include <string>
#include <vector>

namespace pysnn {

/// What follows the sum of a weighted layer.
enum class Activation { ReLU, None };

struct NetworkLayer {
    std::string name;  // unique in its network
    Layer layer;
    Activation activation = Activation::ReLU;  // of Linear and Conv2d; the others have none
};

/// Sequential ReLU network: what a conversion starts from. Running it on data is not the core's
/// job.
struct Network {
    Shape input_shape;  // (n) or (channels, height, width)
    std::vector<NetworkLayer> layers;
};

/// Checks that sizes chain, names are unique and all weights are finite.
///
/// Throws:
///     std::invalid_argument: names the layer, what came and what was expected.
PYSNN_API void validate(const Network& network);

}  // namespace pysnn
