// Networks on their way into the bytes of a model file.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <pysnn/model_file.hpp>
#include <pysnn/names.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/array.hpp"
#include "model_file/format.hpp"
#include "model_file/kind_writer.hpp"
#include "model_file/safetensors.hpp"
#include "model_file/strict_json.hpp"
#include "model_file/tensor_list.hpp"

namespace pysnn {
namespace {

using detail::tensor_name;
using detail::TensorList;
using nlohmann::json;

/// The oldest version of the file that has room for all of these.
///
/// Args:
///     kind_of: gives the Node or Synapses of an element.
template <typename List, typename KindOf>
int oldest_version_of(const List& list, KindOf kind_of) {
    int version = 1;
    for (const auto& each : list) {
        version = std::max(version, detail::oldest_version(kind_of(each)));
    }
    return version;
}

json node_entry(const NetworkNode& node, int version, TensorList& tensors) {
    json entry = {{"name", node.name}};
    detail::write_kind(node.node, node.name, version, entry, tensors);
    if (detail::has_activation(node.node)) {
        entry["activation"] = name_of(node.activation);
    }
    return entry;
}

json population_entry(const Population& population, int version, TensorList& tensors) {
    json projections = json::array();
    for (std::size_t i = 0; i < population.projections.size(); ++i) {
        const Projection& projection = population.projections[i];
        json entry = {{"source", projection.source}};
        const std::string owner = detail::projection_name(population.name, i);
        detail::write_kind(projection.synapses, owner, version, entry, tensors);
        projections.push_back(std::move(entry));
    }
    const std::int64_t num_neurons = num_elements(population.shape);
    tensors.add_per_neuron(tensor_name(population.name, "threshold"), num_neurons,
                           population.threshold);
    tensors.add_per_neuron(tensor_name(population.name, "initial_potential"), num_neurons,
                           population.initial_potential);
    tensors.add(tensor_name(population.name, "grid"), {detail::size_of(population.grid)},
                population.grid);
    return {{"name", population.name},
            {"shape", population.shape},
            {"reset", name_of(population.reset)},
            {"refractory_period", population.refractory_period},
            {"projections", std::move(projections)}};
}

json scales_entry(const SpikingNetworkDescription& description) {
    json entry = json::array();
    for (std::size_t i = 0; i < description.scale_factors.size(); ++i) {
        const std::vector<double>& scales = description.scale_factors[i];
        if (scales.size() != 1) {
            throw std::invalid_argument("population '" + description.populations[i].name +
                                        "' has " + std::to_string(scales.size()) +
                                        " scale_factors, but a model file has room for one");
        }
        entry.push_back(scales.front());
    }
    return entry;
}

json header(int version, const char* kind, const Shape& input_shape) {
    return {{"format_version", version}, {"kind", kind}, {"input_shape", input_shape}};
}

std::string pack(const json& description, const TensorList& tensors) {
    return detail::write_safetensors(
        {{detail::kDescriptionKey, detail::canonical_json(description)}}, tensors.tensors());
}

}  // namespace

std::string to_bytes(const Network& network) {
    validate(network);
    const int version = oldest_version_of(
        network.nodes, [](const NetworkNode& node) -> const Node& { return node.node; });
    TensorList tensors;
    // Kinds with one input make chains only: inputs need no place in the file.
    json layers = json::array();
    for (const NetworkNode& node : network.nodes) {
        layers.push_back(node_entry(node, version, tensors));
    }
    json description = header(version, detail::kNetworkKind, network.input_shape);
    description["layers"] = std::move(layers);
    return pack(description, tensors);
}

std::string to_bytes(const SpikingNetwork& network) {
    const SpikingNetworkDescription& source = network.description();
    int version = 1;
    for (const Population& population : source.populations) {
        version = std::max(
            version, oldest_version_of(
                         population.projections,
                         [](const Projection& each) -> const Synapses& { return each.synapses; }));
    }
    TensorList tensors;
    json populations = json::array();
    for (const Population& population : source.populations) {
        populations.push_back(population_entry(population, version, tensors));
    }
    json description = header(version, detail::kSpikingNetworkKind, source.input_shape);
    description["precision"] = name_of(source.precision);
    description["populations"] = std::move(populations);
    description["scales"] = scales_entry(source);
    return pack(description, tensors);
}

}  // namespace pysnn
