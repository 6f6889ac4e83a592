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
#include "model_file/neuron_tensors.hpp"
#include "model_file/safetensors.hpp"
#include "model_file/strict_json.hpp"
#include "model_file/tensor_list.hpp"
#include "network/spiking/neuron_models.hpp"

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

/// Whether a node reads the one before it and nothing else, as all of a chain do.
bool reads_before(const NetworkNode& node, const std::string& before) {
    return node.inputs.empty() || node.inputs == std::vector<std::string>{before};
}

json node_entry(const NetworkNode& node, const std::string& before, int version,
                TensorList& tensors) {
    json entry = {{"name", node.name}};
    detail::write_kind(node.node, node.name, version, entry, tensors);
    if (detail::has_activation(node.node)) {
        entry["activation"] = name_of(node.activation);
    }
    if (!reads_before(node, before)) {
        entry["inputs"] = node.inputs;
    }
    return entry;
}

// What files of version 1 do not have.
void add_neuron_model(const Population& population, json& entry, TensorList& tensors) {
    if (population.neuron != NeuronModel::If) {
        entry["neuron"] = name_of(population.neuron);
    }
    if (detail::traits_of(population.neuron).has_delay) {
        entry["delay"] = population.delay;
    }
    if (!population.bias.empty()) {
        entry["bias"] = true;
        tensors.add(tensor_name(population.name, "bias"), {detail::size_of(population.bias)},
                    population.bias);
    }
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
    detail::for_neuron_tensors(population.neuron, [&](const char* name, auto member) {
        tensors.add_per_neuron(tensor_name(population.name, name), num_neurons, population.*member);
    });
    tensors.add(tensor_name(population.name, "grid"), {detail::size_of(population.grid)},
                population.grid);
    json entry = {{"name", population.name},
                  {"shape", population.shape},
                  {"reset", name_of(population.reset)},
                  {"refractory_period", population.refractory_period},
                  {"projections", std::move(projections)}};
    add_neuron_model(population, entry, tensors);
    return entry;
}

json scales_entry(const SpikingNetworkDescription& description) {
    json entry = json::array();
    for (const std::vector<double>& scales : description.scale_factors) {
        entry.push_back(scales.size() == 1 ? json(scales.front()) : json(scales));
    }
    return entry;
}

bool has_default_range(const InputRange& input) {
    return input.scale == 1.0 && !input.is_signed && input.affine_scale.empty();
}

/// The oldest version of the file that has room for this.
int oldest_version_of(const Population& population) {
    const bool is_new = population.neuron != NeuronModel::If || !population.bias.empty();
    return std::max(
        is_new ? 2 : 1,
        oldest_version_of(population.projections,
                          [](const Projection& each) -> const Synapses& { return each.synapses; }));
}

int oldest_version_of(const SpikingNetworkDescription& network) {
    const bool is_old =
        has_default_range(network.input) && !network.encoding && network.recipe.empty();
    int version = is_old ? 1 : 2;
    for (const std::vector<double>& scales : network.scale_factors) {
        version = std::max(version, scales.size() == 1 ? 1 : 2);
    }
    for (const Population& population : network.populations) {
        version = std::max(version, oldest_version_of(population));
    }
    return version;
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
    int version = oldest_version_of(
        network.nodes, [](const NetworkNode& node) -> const Node& { return node.node; });
    std::vector<std::string> before{kInputName};
    for (const NetworkNode& node : network.nodes) {
        version = std::max(version, reads_before(node, before.back()) ? 1 : 2);
        before.push_back(node.name);
    }
    TensorList tensors;
    json layers = json::array();
    for (const NetworkNode& node : network.nodes) {
        layers.push_back(node_entry(node, before[layers.size()], version, tensors));
    }
    json description = header(version, detail::kNetworkKind, network.input_shape);
    description["layers"] = std::move(layers);
    return pack(description, tensors);
}

std::string to_bytes(const SpikingNetwork& network) {
    if (network.packed_for()) {
        throw std::invalid_argument(
            "network is packed for simulation alone, without the weights "
            "that a model file needs: save it before pack()");
    }
    const SpikingNetworkDescription& source = network.description();
    const int version = oldest_version_of(source);
    TensorList tensors;
    json populations = json::array();
    for (const Population& population : source.populations) {
        populations.push_back(population_entry(population, version, tensors));
    }
    json description = header(version, detail::kSpikingNetworkKind, source.input_shape);
    description["precision"] = name_of(source.precision);
    description["populations"] = std::move(populations);
    description["scales"] = scales_entry(source);
    if (!has_default_range(source.input)) {
        description["input_range"] = {{"scale", source.input.scale},
                                      {"signed", source.input.is_signed},
                                      {"affine_scale", source.input.affine_scale},
                                      {"affine_shift", source.input.affine_shift}};
    }
    if (source.encoding) {
        description["encoding"] = name_of(*source.encoding);
    }
    if (!source.recipe.empty()) {
        description["recipe"] = source.recipe;
    }
    return pack(description, tensors);
}

}  // namespace pysnn
