#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <pysnn/model_file.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model_file/format.hpp"
#include "model_file/safetensors.hpp"
#include "model_file/strict_json.hpp"

namespace pysnn {
namespace {

using detail::tensor_name;
using nlohmann::json;

/// Tensors of the file to be written; they stay where they are, so their owners must live on.
class TensorList {
  public:
    void add(const std::string& name, Shape shape, const std::vector<float>& values) {
        tensors_[name] = {std::move(shape), &values};
    }

    /// Adds values that may stand as one for all neurons in the description. The file has one per
    /// neuron, so that a reader never makes more neurons than the file has room for.
    void add_per_neuron(const std::string& name, std::int64_t num_neurons,
                        const std::vector<float>& values) {
        if (values.size() == 1 && num_neurons > 1) {
            expanded_.emplace_back(static_cast<std::size_t>(num_neurons), values.front());
            add(name, {num_neurons}, expanded_.back());
        } else {
            add(name, {num_neurons}, values);
        }
    }

    const std::map<std::string, detail::TensorToWrite>& tensors() const { return tensors_; }

  private:
    std::map<std::string, detail::TensorToWrite> tensors_;
    std::deque<std::vector<float>> expanded_;  // a deque's elements never move
};

void add_bias(const std::vector<float>& bias, const std::string& owner, json& entry,
              TensorList& tensors) {
    entry["bias"] = !bias.empty();
    if (!bias.empty()) {
        tensors.add(tensor_name(owner, "bias"), {static_cast<std::int64_t>(bias.size())}, bias);
    }
}

/// Puts a layer's type and settings into `entry` and its arrays under `owner` into `tensors`.
void add_layer(const Layer& layer, const std::string& owner, json& entry, TensorList& tensors) {
    if (const auto* linear = std::get_if<Linear>(&layer)) {
        entry["type"] = "Linear";
        tensors.add(tensor_name(owner, "weight"), {linear->out_features, linear->in_features},
                    linear->weight);
        add_bias(linear->bias, owner, entry, tensors);
    } else if (const auto* conv = std::get_if<Conv2d>(&layer)) {
        entry["type"] = "Conv2d";
        entry["stride"] = conv->stride;
        entry["padding"] = conv->padding;
        tensors.add(
            tensor_name(owner, "weight"),
            {conv->out_channels, conv->in_channels, conv->kernel_size[0], conv->kernel_size[1]},
            conv->weight);
        add_bias(conv->bias, owner, entry, tensors);
    } else if (const auto* pool = std::get_if<AvgPool2d>(&layer)) {
        entry["type"] = "AvgPool2d";
        entry["kernel_size"] = pool->kernel_size;
        entry["stride"] = pool->stride;
        if (!pool->weight.empty()) {
            tensors.add(tensor_name(owner, "weight"),
                        {static_cast<std::int64_t>(pool->weight.size())}, pool->weight);
        }
    } else {
        entry["type"] = "Flatten";
    }
}

json layer_entry(const NetworkLayer& layer, TensorList& tensors) {
    json entry = {{"name", layer.name}};
    add_layer(layer.layer, layer.name, entry, tensors);
    if (const auto* pool = std::get_if<AvgPool2d>(&layer.layer)) {
        if (!pool->weight.empty()) {
            throw std::invalid_argument(
                "layer '" + layer.name +
                "': AvgPool2d has a weight, which only spiking networks have");
        }
    } else if (!std::holds_alternative<Flatten>(layer.layer)) {
        entry["activation"] = layer.activation == Activation::ReLU ? "relu" : "none";
    }
    return entry;
}

json population_entry(const Population& population, TensorList& tensors) {
    json projections = json::array();
    for (std::size_t i = 0; i < population.projections.size(); ++i) {
        const Projection& projection = population.projections[i];
        json entry = {{"source", projection.source}};
        add_layer(projection.layer, detail::projection_name(population.name, i), entry, tensors);
        projections.push_back(std::move(entry));
    }
    const std::int64_t num_neurons = num_elements(population.shape);
    tensors.add_per_neuron(tensor_name(population.name, "threshold"), num_neurons,
                           population.threshold);
    tensors.add_per_neuron(tensor_name(population.name, "initial_potential"), num_neurons,
                           population.initial_potential);
    tensors.add(tensor_name(population.name, "grid"),
                {static_cast<std::int64_t>(population.grid.size())}, population.grid);
    return {{"name", population.name},
            {"shape", population.shape},
            {"reset", population.reset == ResetMode::Zero ? "zero" : "subtract"},
            {"refractory_period", population.refractory_period},
            {"projections", std::move(projections)}};
}

json header(const char* kind, const Shape& input_shape) {
    return {
        {"format_version", detail::kFormatVersion}, {"kind", kind}, {"input_shape", input_shape}};
}

std::string pack(const json& description, const TensorList& tensors) {
    return detail::write_safetensors(
        {{detail::kDescriptionKey, detail::canonical_json(description)}}, tensors.tensors());
}

}  // namespace

std::string to_bytes(const Network& network) {
    validate(network);
    TensorList tensors;
    json layers = json::array();
    for (const NetworkLayer& layer : network.layers) {
        layers.push_back(layer_entry(layer, tensors));
    }
    json description = header(detail::kNetworkKind, network.input_shape);
    description["layers"] = std::move(layers);
    return pack(description, tensors);
}

std::string to_bytes(const SpikingNetwork& network) {
    const SpikingNetworkDescription& source = network.description();
    TensorList tensors;
    json populations = json::array();
    for (const Population& population : source.populations) {
        populations.push_back(population_entry(population, tensors));
    }
    json description = header(detail::kSpikingNetworkKind, source.input_shape);
    description["precision"] = source.precision == Precision::Float32 ? "float32" : "int16";
    description["populations"] = std::move(populations);
    description["scales"] = source.scale_factors;
    return pack(description, tensors);
}

}  // namespace pysnn
