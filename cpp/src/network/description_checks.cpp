// What a description of a spiking network must be.
#include "network/description_checks.hpp"

#include <cmath>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/array.hpp"
#include "base/text.hpp"
#include "nodes/registry.hpp"

namespace pysnn::detail {
namespace {

void check_per_neuron(const std::vector<float>& values, std::int64_t num_neurons,
                      const std::string& name) {
    if (values.size() != 1 && detail::size_of(values) != num_neurons) {
        throw std::invalid_argument(name + " has " + std::to_string(values.size()) +
                                    " values, expected 1 or " + std::to_string(num_neurons));
    }
    check_finite(values, name);
}

void check_neurons(const Population& population, const std::string& where) {
    const std::int64_t num_neurons = num_elements(population.shape);
    check_per_neuron(population.threshold, num_neurons, where + ": threshold");
    check_per_neuron(population.initial_potential, num_neurons, where + ": initial_potential");
    for (std::size_t i = 0; i < population.threshold.size(); ++i) {
        if (!(population.threshold[i] > 0.0F)) {
            throw std::invalid_argument(where + ": threshold is " +
                                        to_text(population.threshold[i]) + " at index " +
                                        std::to_string(i) + ", expected values above 0");
        }
    }
    if (!std::isfinite(population.refractory_period) || population.refractory_period < 0.0) {
        throw std::invalid_argument(where + ": refractory_period is " +
                                    to_text(population.refractory_period) +
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
            throw std::invalid_argument(name + " has output shape " + to_text(shape) +
                                        ", but the population has shape " +
                                        to_text(population.shape));
        }
        check_all_finite(projection.synapses, name);
    }
}

// One value, or one per channel, per neuron of a vector.
void check_scales(const std::vector<double>& scales, const Population& population) {
    const std::string where = "population '" + population.name + "': scale_factors";
    if (scales.size() != 1 && detail::size_of(scales) != population.shape[0]) {
        throw std::invalid_argument(where + " has " + std::to_string(scales.size()) +
                                    " values, expected 1 or " +
                                    std::to_string(population.shape[0]));
    }
    for (const double scale : scales) {
        if (!std::isfinite(scale) || scale <= 0.0) {
            throw std::invalid_argument(where + " holds " + to_text(scale) +
                                        ", expected values above 0");
        }
    }
}

}  // namespace

void check_description(const SpikingNetworkDescription& description) {
    check_shape(description.input_shape, "input_shape");
    if (description.populations.empty()) {
        throw std::invalid_argument("the network has no population");
    }
    std::map<std::string, Shape> sources{{kInputName, description.input_shape}};
    for (const Population& population : description.populations) {
        check_name(population.name, "population");
        const std::string where = "population '" + population.name + "'";
        if (sources.count(population.name) != 0) {
            throw std::invalid_argument(where + ": the name is taken");
        }
        check_shape(population.shape, where + ": shape");
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

}  // namespace pysnn::detail
