#include <cmath>
#include <cstring>
#include <map>
#include <pysnn/spiking_network.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "network/canonical.hpp"
#include "network/network_data.hpp"
#include "network/rounding.hpp"
#include "nodes/registry.hpp"

namespace pysnn {
namespace {

void check_per_neuron(const std::vector<float>& values, std::int64_t num_neurons,
                      const std::string& name) {
    if (values.size() != 1 && static_cast<std::int64_t>(values.size()) != num_neurons) {
        throw std::invalid_argument(name + " has " + std::to_string(values.size()) +
                                    " values, expected 1 or " + std::to_string(num_neurons));
    }
    detail::check_finite(values, name);
}

void check_neurons(const Population& population, const std::string& where) {
    const std::int64_t num_neurons = num_elements(population.shape);
    check_per_neuron(population.threshold, num_neurons, where + ": threshold");
    check_per_neuron(population.initial_potential, num_neurons, where + ": initial_potential");
    for (std::size_t i = 0; i < population.threshold.size(); ++i) {
        if (!(population.threshold[i] > 0.0F)) {
            throw std::invalid_argument(where + ": threshold is " +
                                        detail::to_text(population.threshold[i]) + " at index " +
                                        std::to_string(i) + ", expected values above 0");
        }
    }
    if (!std::isfinite(population.refractory_period) || population.refractory_period < 0.0) {
        throw std::invalid_argument(where + ": refractory_period is " +
                                    detail::to_text(population.refractory_period) +
                                    " s, expected a finite value of at least 0");
    }
}

void check_projections(const Population& population, const std::map<std::string, Shape>& sources,
                       const std::string& where) {
    if (population.projections.empty()) {
        throw std::invalid_argument(where + " has no projection; connect a source to it");
    }
    for (const Projection& projection : population.projections) {
        const auto source = sources.find(projection.source);
        if (source == sources.end()) {
            throw std::invalid_argument(where + ": source '" + projection.source +
                                        "' is neither '" + kInputName +
                                        "' nor an earlier population");
        }
        const std::string name = where + ", projection from '" + projection.source + "'";
        Shape shape;
        try {
            shape = target_shape(projection.synapses, source->second);
        } catch (const std::invalid_argument& error) {
            throw std::invalid_argument(name + ": " + error.what());
        }
        // A vector may be read as an image.
        const bool fits = shape == population.shape ||
                          (shape.size() == 1 && shape[0] == num_elements(population.shape));
        if (!fits) {
            throw std::invalid_argument(name + " has output shape " + detail::to_text(shape) +
                                        ", but the population has shape " +
                                        detail::to_text(population.shape));
        }
        detail::check_all_finite(projection.synapses, name);
    }
}

// One value, or one per channel, per neuron of a vector.
void check_scales(const std::vector<double>& scales, const Population& population) {
    const std::string where = "population '" + population.name + "': scale_factors";
    if (scales.size() != 1 && static_cast<std::int64_t>(scales.size()) != population.shape[0]) {
        throw std::invalid_argument(where + " has " + std::to_string(scales.size()) +
                                    " values, expected 1 or " +
                                    std::to_string(population.shape[0]));
    }
    for (const double scale : scales) {
        if (!std::isfinite(scale) || scale <= 0.0) {
            throw std::invalid_argument(where + " holds " + detail::to_text(scale) +
                                        ", expected values above 0");
        }
    }
}

void check(const SpikingNetworkDescription& description) {
    detail::check_shape(description.input_shape, "input_shape");
    if (description.populations.empty()) {
        throw std::invalid_argument("the network has no population");
    }
    std::map<std::string, Shape> sources{{kInputName, description.input_shape}};
    for (const Population& population : description.populations) {
        detail::check_name(population.name, "population");
        const std::string where = "population '" + population.name + "'";
        if (sources.count(population.name) != 0) {
            throw std::invalid_argument(where + ": the name is taken");
        }
        detail::check_shape(population.shape, where + ": shape");
        check_neurons(population, where);
        check_projections(population, sources, where);
        sources.emplace(population.name, population.shape);
    }
    const std::vector<std::vector<double>>& scales = description.scale_factors;
    if (!scales.empty() && scales.size() != description.populations.size()) {
        throw std::invalid_argument("scale_factors has " + std::to_string(scales.size()) +
                                    " values, expected " +
                                    std::to_string(description.populations.size()));
    }
    for (std::size_t i = 0; i < scales.size(); ++i) {
        check_scales(scales[i], description.populations[i]);
    }
}

// To the bit; there are no NaNs, and zeros are positive.
bool same(const std::vector<float>& a, const std::vector<float>& b) { return a == b; }

bool same(const Population& a, const Population& b) {
    if (a.name != b.name || a.shape != b.shape || !same(a.threshold, b.threshold) ||
        !same(a.initial_potential, b.initial_potential) || a.reset != b.reset ||
        a.refractory_period != b.refractory_period || !same(a.grid, b.grid) ||
        a.projections.size() != b.projections.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.projections.size(); ++i) {
        if (a.projections[i].source != b.projections[i].source ||
            !detail::same_fields(a.projections[i].synapses, b.projections[i].synapses)) {
            return false;
        }
    }
    return true;
}

}  // namespace

SpikingNetwork::SpikingNetwork(SpikingNetworkDescription description) {
    check(description);
    std::vector<std::optional<RoundingLoss>> loss;
    for (Population& population : description.populations) {
        loss.push_back(detail::round_to_grid(population, description.precision));
        detail::make_canonical(population.threshold);
        detail::make_canonical(population.initial_potential);
    }
    for (std::vector<double>& scales : description.scale_factors) {
        detail::make_canonical(scales);
    }
    data_ = std::make_shared<Data>(std::move(description), std::move(loss));
}

const SpikingNetworkDescription& SpikingNetwork::description() const noexcept {
    return data_->description;
}

std::int64_t SpikingNetwork::num_inputs() const noexcept { return data_->num_inputs; }

std::int64_t SpikingNetwork::num_outputs() const noexcept { return data_->num_neurons.back(); }

const std::vector<std::int64_t>& SpikingNetwork::num_neurons() const noexcept {
    return data_->num_neurons;
}

const std::vector<std::optional<RoundingLoss>>& SpikingNetwork::rounding_loss() const noexcept {
    return data_->rounding_loss;
}

bool operator==(const SpikingNetwork& a, const SpikingNetwork& b) {
    const SpikingNetworkDescription& left = a.description();
    const SpikingNetworkDescription& right = b.description();
    if (left.input_shape != right.input_shape || left.precision != right.precision ||
        left.scale_factors != right.scale_factors ||
        left.populations.size() != right.populations.size()) {
        return false;
    }
    for (std::size_t i = 0; i < left.populations.size(); ++i) {
        if (!same(left.populations[i], right.populations[i])) {
            return false;
        }
    }
    return true;
}

}  // namespace pysnn
