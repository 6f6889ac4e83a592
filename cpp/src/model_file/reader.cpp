// Networks on their way out of the bytes of a model file.
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <pysnn/error.hpp>
#include <pysnn/model_file.hpp>
#include <pysnn/names.hpp>
#include <pysnn/system.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model_file/format.hpp"
#include "model_file/kind_reader.hpp"
#include "model_file/neuron_tensors.hpp"
#include "model_file/safetensors.hpp"
#include "model_file/strict_json.hpp"
#include "model_file/tensors.hpp"
#include "network/spiking/neuron_models.hpp"

namespace pysnn {
namespace {

using detail::ObjectReader;
using detail::tensor_name;
using detail::Tensors;
using nlohmann::json;

/// A word that this version does not have: most likely a newer version wrote the file.
[[noreturn]] void fail_unknown(const std::string& where, const char* key, const std::string& word) {
    throw ModelFileError(where + " has " + key + " '" + word + "', which pysnn " + version() +
                         " does not know; update pysnn if a newer version wrote the file");
}

/// Reads a Node or Synapses.
template <typename Variant>
Variant read_kind(ObjectReader& reader, const std::string& owner, int version, Tensors& tensors) {
    const std::string type = reader.text("type");
    if (detail::AnyKindReader<Variant>::since(type) > version) {
        throw ModelFileError(reader.where() + " has type '" + type +
                             "', which files of format_version " + std::to_string(version) +
                             " do not have");
    }
    Variant any;
    if (!detail::AnyKindReader<Variant>(owner, version, reader, tensors).read(type, any)) {
        if (detail::AnyKindReader<Node>::knows(type)) {
            throw ModelFileError(reader.where() + " has type '" + type +
                                 "', which is not a projection");
        }
        fail_unknown(reader.where(), "type", type);
    }
    return any;
}

/// The enumerator that the member of this name stands for.
template <typename Enum, std::size_t kCount>
Enum read_enum(ObjectReader& reader, const char* key, const std::array<Enum, kCount>& all) {
    const std::string name = reader.text(key);
    const std::optional<Enum> found = find_by_name(all, name);
    if (!found) {
        fail_unknown(reader.where(), key, name);
    }
    return *found;
}

NetworkNode read_network_node(const json& value, const std::string& where, int version,
                              Tensors& tensors) {
    ObjectReader reader(value, where);
    NetworkNode entry;
    entry.name = reader.text("name");
    entry.node = read_kind<Node>(reader, entry.name, version, tensors);
    if (detail::has_activation(entry.node)) {
        entry.activation = read_enum(reader, "activation", kActivations);
    }
    if (version > 1 && reader.has("inputs")) {
        entry.inputs = reader.texts("inputs");
    }
    reader.expect_no_other_keys();
    return entry;
}

Network read_network(ObjectReader& reader, int version, Tensors& tensors) {
    Network network;
    network.input_shape = reader.integers("input_shape");
    for (const json& value : reader.array("layers")) {
        const std::string where = "layer " + std::to_string(network.nodes.size());
        network.nodes.push_back(read_network_node(value, where, version, tensors));
    }
    reader.expect_no_other_keys();
    tensors.expect_all_taken();
    validate(network);
    return network;
}

Projection read_projection(const json& value, const std::string& where, const std::string& owner,
                           int version, Tensors& tensors) {
    ObjectReader reader(value, where);
    Projection projection;
    projection.source = reader.text("source");
    projection.synapses = read_kind<Synapses>(reader, owner, version, tensors);
    reader.expect_no_other_keys();
    return projection;
}

std::vector<float> take_vector(Tensors& tensors, const std::string& name) {
    tensors.shape(name, 1);
    return tensors.take(name);
}

// What files of version 1 do not have.
void read_neuron_model(ObjectReader& reader, Tensors& tensors, Population& population) {
    if (reader.has("neuron")) {
        population.neuron = read_enum(reader, "neuron", kNeuronModels);
    }
    if (detail::traits_of(population.neuron).has_delay) {
        population.delay = reader.size("delay");
    }
    if (reader.has("bias") && reader.flag("bias")) {
        population.bias = take_vector(tensors, tensor_name(population.name, "bias"));
    }
}

Population read_population(const json& value, const std::string& where, int version,
                           Tensors& tensors) {
    ObjectReader reader(value, where);
    Population population;
    population.name = reader.text("name");
    population.shape = reader.integers("shape");
    population.reset = read_enum(reader, "reset", kResetModes);
    population.refractory_period = reader.number("refractory_period");
    if (version > 1) {
        read_neuron_model(reader, tensors, population);
    }
    const std::int64_t num_neurons = num_elements(population.shape);
    detail::for_neuron_tensors(population.neuron, [&](const char* name, auto member) {
        population.*member = tensors.take(tensor_name(population.name, name), {num_neurons});
    });
    if (tensors.has(tensor_name(population.name, "grid"))) {
        population.grid = take_vector(tensors, tensor_name(population.name, "grid"));
    }
    for (const json& projection : reader.array("projections")) {
        const std::size_t index = population.projections.size();
        population.projections.push_back(
            read_projection(projection, where + ", projection " + std::to_string(index),
                            detail::projection_name(population.name, index), version, tensors));
    }
    reader.expect_no_other_keys();
    return population;
}

std::vector<std::vector<double>> read_scales(ObjectReader& reader, int version) {
    if (version > 1) {
        return reader.lists_of_numbers("scales");
    }
    std::vector<std::vector<double>> scales;
    for (const double scale : reader.numbers("scales")) {
        scales.push_back({scale});
    }
    return scales;
}

InputRange read_input_range(const json& value) {
    ObjectReader reader(value, "input_range");
    InputRange input;
    input.scale = reader.number("scale");
    input.is_signed = reader.flag("signed");
    input.affine_scale = reader.numbers("affine_scale");
    input.affine_shift = reader.numbers("affine_shift");
    reader.expect_no_other_keys();
    return input;
}

SpikingNetwork read_spiking_network(ObjectReader& reader, int version, Tensors& tensors) {
    SpikingNetworkDescription description;
    description.input_shape = reader.integers("input_shape");
    description.precision = read_enum(reader, "precision", kPrecisions);
    description.scale_factors = read_scales(reader, version);
    if (version > 1 && reader.has("input_range")) {
        description.input = read_input_range(reader.object("input_range"));
    }
    if (version > 1 && reader.has("encoding")) {
        description.encoding = read_enum(reader, "encoding", kEncodings);
    }
    if (version > 1 && reader.has("recipe")) {
        description.recipe = reader.texts_by_name("recipe");
    }
    for (const json& value : reader.array("populations")) {
        const std::string where = "population " + std::to_string(description.populations.size());
        description.populations.push_back(read_population(value, where, version, tensors));
    }
    reader.expect_no_other_keys();
    tensors.expect_all_taken();
    return SpikingNetwork(std::move(description));
}

int read_version(ObjectReader& reader) {
    const std::uint64_t found = reader.integer("format_version");
    if (found > detail::kNewestVersion) {
        throw ModelFileError("format_version is " + std::to_string(found) + ", but pysnn " +
                             version() + " reads versions up to " +
                             std::to_string(detail::kNewestVersion) +
                             " only: update pysnn to read this file");
    }
    if (found < 1) {
        throw ModelFileError("format_version is " + std::to_string(found) +
                             ", expected at least 1");
    }
    return static_cast<int>(found);
}

Model read_model(std::string_view bytes) {
    detail::TensorFile file = detail::parse_safetensors(bytes);
    const auto text = file.metadata.find(detail::kDescriptionKey);
    if (text == file.metadata.end()) {
        throw ModelFileError(std::string("is a safetensors file without '") +
                             detail::kDescriptionKey +
                             "' in its metadata, so it holds no network that pysnn knows");
    }
    const json description = detail::parse_strict_json(text->second, "description");
    Tensors tensors(std::move(file.tensors));
    ObjectReader reader(description, "description");
    const int version = read_version(reader);
    const std::string kind = reader.text("kind");
    if (kind == detail::kNetworkKind) {
        return read_network(reader, version, tensors);
    }
    if (kind == detail::kSpikingNetworkKind) {
        return read_spiking_network(reader, version, tensors);
    }
    fail_unknown(reader.where(), "kind", kind);
}

}  // namespace

Model model_from_bytes(std::string_view bytes) {
    try {
        return read_model(bytes);
    } catch (const ModelFileError&) {
        throw;
    } catch (const std::invalid_argument& error) {
        // The networks' own checks: here it is the file that is at fault, not an argument.
        throw ModelFileError(error.what());
    }
}

}  // namespace pysnn
