#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <pysnn/model_file.hpp>
#include <pysnn/names.hpp>
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

/// Puts the type and the settings of a node or of synapses into `entry` and their arrays under
/// `owner` into `tensors`.
class KindWriter {
  public:
    KindWriter(const std::string& owner, json& entry, TensorList& tensors)
        : owner_(owner), entry_(entry), tensors_(tensors) {}

    void operator()(const Linear& linear) {
        entry_["type"] = "Linear";
        tensors_.add(tensor_name(owner_, "weight"), {linear.out_features, linear.in_features},
                     linear.weight);
        add_bias(linear.bias, owner_, entry_, tensors_);
    }

    void operator()(const Conv2d& conv) {
        entry_["type"] = "Conv2d";
        entry_["stride"] = conv.stride;
        entry_["padding"] = conv.padding;
        tensors_.add(
            tensor_name(owner_, "weight"),
            {conv.out_channels, conv.in_channels, conv.kernel_size[0], conv.kernel_size[1]},
            conv.weight);
        add_bias(conv.bias, owner_, entry_, tensors_);
    }

    void operator()(const AvgPool2d& pool) {
        entry_["type"] = "AvgPool2d";
        entry_["kernel_size"] = pool.kernel_size;
        entry_["stride"] = pool.stride;
    }

    void operator()(const Flatten&) { entry_["type"] = "Flatten"; }

    void operator()(const PoolSynapses& pool) {
        (*this)(AvgPool2d{pool.kernel_size, pool.stride});
        tensors_.add(tensor_name(owner_, "weight"), {static_cast<std::int64_t>(pool.weight.size())},
                     pool.weight);
    }

  private:
    const std::string& owner_;
    json& entry_;
    TensorList& tensors_;
};

json node_entry(const NetworkNode& node, TensorList& tensors) {
    json entry = {{"name", node.name}};
    std::visit(KindWriter(node.name, entry, tensors), node.node);
    if (std::holds_alternative<Linear>(node.node) || std::holds_alternative<Conv2d>(node.node)) {
        entry["activation"] = name_of(node.activation);
    }
    return entry;
}

json population_entry(const Population& population, TensorList& tensors) {
    json projections = json::array();
    for (std::size_t i = 0; i < population.projections.size(); ++i) {
        const Projection& projection = population.projections[i];
        json entry = {{"source", projection.source}};
        const std::string owner = detail::projection_name(population.name, i);
        std::visit(KindWriter(owner, entry, tensors), projection.synapses);
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
    for (const NetworkNode& node : network.nodes) {
        layers.push_back(node_entry(node, tensors));
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
    description["precision"] = name_of(source.precision);
    description["populations"] = std::move(populations);
    description["scales"] = scales_entry(source);
    return pack(description, tensors);
}

}  // namespace pysnn
