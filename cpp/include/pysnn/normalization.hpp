// Weight normalization: scales found from weights or from activations, and applied.
#pragma once

#include <cstdint>
#include <pysnn/export.hpp>
#include <pysnn/network.hpp>
#include <vector>

namespace pysnn {

/// How data-based scales become factors.
enum class DataVariant {
    Correct,   // applied = scale / scale of the source
    Released,  // applied = scale / applied of the weighted node before, as the authors' MATLAB code
};

/// What normalization did, one entry per node; nodes without weights pass their source's scale on.
/// Each entry has one value per output channel (per element of a vector), or one for all of them;
/// the elements of a flattened image share the scales of its channels.
struct Normalization {
    // The activation of the original network that 1 stands for in the normalized one.
    std::vector<std::vector<double>> scale_factor;
    // What the node's weights were divided by; 1 without weights, and empty where the channels of
    // its source have several scales.
    std::vector<std::vector<double>> applied_factor;
};

// num_threads everywhere: 0 is what default_num_threads() says; results do not depend on it.

/// Largest weight above 0, or 0. Nodes without weights have none.
PYSNN_API double largest_positive_weight(const Node& node, int num_threads = 0);

/// Largest, over the neurons of a node, of source_scale * (sum of positive weights) + positive
/// bias.
///
/// Sums run per output channel over the whole kernel of a convolution, in float64 in memory order,
/// so the result does not depend on the number of threads. Nodes without weights have none: 0.
PYSNN_API double largest_positive_sum(const Node& node, double source_scale, int num_threads = 0);

/// The same, with one source_scale per channel of the source (per element of a vector), each of
/// which is taken times its weights before they are summed up; one value is a factor of the sum.
PYSNN_API double largest_positive_sum(const Node& node, const std::vector<double>& source_scale,
                                      int num_threads = 0);

/// Largest of num_values values; the same for any number of threads.
///
/// Throws:
///     std::invalid_argument: num_values is 0, or a value is not finite (names its index).
PYSNN_API float largest_value(const float* values, std::int64_t num_values, int num_threads = 0);

/// Model-based normalization (Diehl et al. 2015, section III): divides the weights of every node
/// by the largest sum of positive weights that a neuron of it has.
///
/// Args:
///     include_last: false leaves the weights of the last weighted node as they are.
///
/// Throws:
///     std::invalid_argument: the network is not valid, or a node has no positive weight (names
///     it).
PYSNN_API Normalization model_based_normalization(const Network& network, bool include_last,
                                                  int num_threads = 0);

/// Data-based normalization (Diehl et al. 2015, section III), from activations found on data.
///
/// Args:
///     max_activation: (num_nodes), largest activation of each; read for weighted nodes only.
///     include_last: false leaves the weights of the last weighted node as they are.
///
/// Throws:
///     std::invalid_argument: the network is not valid, max_activation does not have one value for
///     each node, or the scale of a node is 0 or negative (names it).
PYSNN_API Normalization data_based_normalization(const Network& network,
                                                 const std::vector<double>& max_activation,
                                                 bool include_last, DataVariant variant,
                                                 int num_threads = 0);

/// The network with weights times scale_source / scale_target and biases over scale_target, each
/// product taken in float64 and rounded once.
///
/// Args:
///     scale_factor: one entry per node, as in Normalization.
///
/// Throws:
///     std::invalid_argument: the network is not valid, scale_factor does not have one entry for
///     each node, or the scale of a node is 0, negative or not finite (names it).
PYSNN_API Network apply_scales(const Network& network,
                               const std::vector<std::vector<double>>& scale_factor);

}  // namespace pysnn
