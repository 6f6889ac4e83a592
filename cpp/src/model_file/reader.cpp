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
#include "model_file/safetensors.hpp"
#include "model_file/strict_json.hpp"
#include "model_file/tensors.hpp"

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

std::vector<float> read_bias(ObjectReader& reader, const std::string& owner,
                             std::int64_t num_outputs, Tensors& tensors) {
    if (!reader.flag("bias")) {
        return {};
    }
    return tensors.take(tensor_name(owner, "bias"), {num_outputs});
}

Linear read_linear(ObjectReader& reader, const std::string& owner, Tensors& tensors) {
    const std::string name = tensor_name(owner, "weight");
    const Shape& shape = tensors.shape(name, 2);
    Linear linear;
    linear.out_features = shape[0];
    linear.in_features = shape[1];
    linear.weight = tensors.take(name);
    linear.bias = read_bias(reader, owner, linear.out_features, tensors);
    return linear;
}

Conv2d read_conv(ObjectReader& reader, const std::string& owner, Tensors& tensors) {
    const std::string name = tensor_name(owner, "weight");
    const Shape& shape = tensors.shape(name, 4);
    Conv2d conv;
    conv.out_channels = shape[0];
    conv.in_channels = shape[1];
    conv.kernel_size = {shape[2], shape[3]};
    conv.stride = reader.pair("stride");
    conv.padding = reader.pair("padding");
    conv.weight = tensors.take(name);
    conv.bias = read_bias(reader, owner, conv.out_channels, tensors);
    return conv;
}

AvgPool2d read_pool(ObjectReader& reader) {
    AvgPool2d pool;
    pool.kernel_size = reader.pair("kernel_size");
    pool.stride = reader.pair("stride");
    return pool;
}

Node read_node(ObjectReader& reader, const std::string& owner, Tensors& tensors) {
    const std::string type = reader.text("type");
    if (type == "Linear") {
        return read_linear(reader, owner, tensors);
    }
    if (type == "Conv2d") {
        return read_conv(reader, owner, tensors);
    }
    if (type == "AvgPool2d") {
        return read_pool(reader);
    }
    if (type == "Flatten") {
        return Flatten{};
    }
    fail_unknown(reader.where(), "type", type);
}

Synapses read_synapses(ObjectReader& reader, const std::string& owner, Tensors& tensors) {
    const std::string type = reader.text("type");
    if (type == "Linear") {
        return read_linear(reader, owner, tensors);
    }
    if (type == "Conv2d") {
        return read_conv(reader, owner, tensors);
    }
    if (type == "AvgPool2d") {
        PoolSynapses pool = read_pool(reader);
        const std::string weight = tensor_name(owner, "weight");
        tensors.shape(weight, 1);
        pool.weight = tensors.take(weight);
        return pool;
    }
    fail_unknown(reader.where(), "type", type);
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

NetworkNode read_network_node(const json& value, const std::string& where, Tensors& tensors) {
    ObjectReader reader(value, where);
    NetworkNode entry;
    entry.name = reader.text("name");
    entry.node = read_node(reader, entry.name, tensors);
    if (std::holds_alternative<Linear>(entry.node) || std::holds_alternative<Conv2d>(entry.node)) {
        entry.activation = read_enum(reader, "activation", kActivations);
    }
    reader.expect_no_other_keys();
    return entry;
}

Network read_network(ObjectReader& reader, Tensors& tensors) {
    Network network;
    network.input_shape = reader.integers("input_shape");
    for (const json& value : reader.array("layers")) {
        const std::string where = "layer " + std::to_string(network.nodes.size());
        network.nodes.push_back(read_network_node(value, where, tensors));
    }
    reader.expect_no_other_keys();
    tensors.expect_all_taken();
    validate(network);
    return network;
}

Projection read_projection(const json& value, const std::string& where, const std::string& owner,
                           Tensors& tensors) {
    ObjectReader reader(value, where);
    Projection projection;
    projection.source = reader.text("source");
    projection.synapses = read_synapses(reader, owner, tensors);
    reader.expect_no_other_keys();
    return projection;
}

Population read_population(const json& value, const std::string& where, Tensors& tensors) {
    ObjectReader reader(value, where);
    Population population;
    population.name = reader.text("name");
    population.shape = reader.integers("shape");
    population.reset = read_enum(reader, "reset", kResetModes);
    population.refractory_period = reader.number("refractory_period");
    const std::int64_t num_neurons = num_elements(population.shape);
    population.threshold = tensors.take(tensor_name(population.name, "threshold"), {num_neurons});
    population.initial_potential =
        tensors.take(tensor_name(population.name, "initial_potential"), {num_neurons});
    const std::string grid = tensor_name(population.name, "grid");
    if (tensors.has(grid)) {
        tensors.shape(grid, 1);
        population.grid = tensors.take(grid);
    }
    for (const json& projection : reader.array("projections")) {
        const std::size_t index = population.projections.size();
        population.projections.push_back(
            read_projection(projection, where + ", projection " + std::to_string(index),
                            detail::projection_name(population.name, index), tensors));
    }
    reader.expect_no_other_keys();
    return population;
}

SpikingNetwork read_spiking_network(ObjectReader& reader, Tensors& tensors) {
    SpikingNetworkDescription description;
    description.input_shape = reader.integers("input_shape");
    description.precision = read_enum(reader, "precision", kPrecisions);
    for (const double scale : reader.numbers("scales")) {
        description.scale_factors.push_back({scale});
    }
    for (const json& value : reader.array("populations")) {
        const std::string where = "population " + std::to_string(description.populations.size());
        description.populations.push_back(read_population(value, where, tensors));
    }
    reader.expect_no_other_keys();
    tensors.expect_all_taken();
    return SpikingNetwork(std::move(description));
}

void check_format_version(ObjectReader& reader) {
    const std::uint64_t found = reader.integer("format_version");
    if (found > detail::kFormatVersion) {
        throw ModelFileError("format_version is " + std::to_string(found) + ", but pysnn " +
                             version() + " reads version " +
                             std::to_string(detail::kFormatVersion) +
                             " only: update pysnn to read this file");
    }
    if (found != detail::kFormatVersion) {
        throw ModelFileError("format_version is " + std::to_string(found) + ", expected " +
                             std::to_string(detail::kFormatVersion));
    }
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
    check_format_version(reader);
    const std::string kind = reader.text("kind");
    if (kind == detail::kNetworkKind) {
        return read_network(reader, tensors);
    }
    if (kind == detail::kSpikingNetworkKind) {
        return read_spiking_network(reader, tensors);
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
