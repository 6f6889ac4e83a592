// What a description of a spiking network must be.
#include "network/spiking/description_checks.hpp"

#include <cmath>
#include <map>
#include <pysnn/names.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/array.hpp"
#include "base/text.hpp"
#include "network/spiking/neuron_checks.hpp"
#include "nodes/registry.hpp"

namespace pysnn::detail {
namespace {

// Max pools take their sources' spikes through windows, and nothing else does.
void check_max_pool(const Population& population, const std::string& where) {
    const bool is_max_pool = population.neuron == NeuronModel::MaxPool;
    for (const Projection& projection : population.projections) {
        const bool is_window = std::holds_alternative<MaxPoolSynapses>(projection.synapses);
        if (is_window && !is_max_pool) {
            throw std::invalid_argument(where +
                                        " has a projection of kind MaxPool2d, but neurons "
                                        "of the model '" +
                                        name_of(population.neuron) + "'; expected 'max_pool'");
        }
        if (is_max_pool && (!is_window || population.projections.size() != 1)) {
            throw std::invalid_argument(where +
                                        ": neurons of the model 'max_pool' take one "
                                        "projection, of kind MaxPool2d, and no other");
        }
        if (is_window && projection.source == kInputName) {
            throw std::invalid_argument(where +
                                        ": a max pool of the network's input is not "
                                        "supported; pool the samples beforehand");
        }
    }
}

// Whether synapses that make `shape` reach the neurons of a population. A vector of a Linear's may
// be read as an image.
bool fits(const Synapses& synapses, const Shape& shape, const Population& population) {
    return shape == population.shape ||
           (std::holds_alternative<Linear>(synapses) && shape[0] == num_elements(population.shape));
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
        if (!fits(projection.synapses, shape, population)) {
            throw std::invalid_argument(name + " has output shape " + to_text(shape) +
                                        ", but the population has shape " +
                                        to_text(population.shape));
        }
        check_all_finite(projection.synapses, name);
    }
    check_max_pool(population, where);
}

// One value, or one per channel, per neuron of a vector.
void check_scales(const std::vector<double>& scales, const Population& population) {
    const std::string where = "population '" + population.name + "': scale_factors";
    if (scales.size() != 1 && detail::size_of(scales) != population.shape[0]) {
        throw std::invalid_argument(where + " has " + std::to_string(scales.size()) +
                                    " values, expected 1 or " +
                                    std::to_string(population.shape[0]));
    }
    if (scales.size() != 1 && population.neuron == NeuronModel::Readout) {
        throw std::invalid_argument(where + " has " + std::to_string(scales.size()) +
                                    " values, but a readout's potentials share one scale");
    }
    for (const double scale : scales) {
        if (!std::isfinite(scale) || scale <= 0.0) {
            throw std::invalid_argument(where + " holds " + to_text(scale) +
                                        ", expected values above 0");
        }
    }
}

void check_affine(const std::vector<double>& values, std::int64_t num_channels, const char* name) {
    if (values.size() > 1 && detail::size_of(values) != num_channels) {
        throw std::invalid_argument(std::string("input_affine: ") + name + " has " +
                                    std::to_string(values.size()) + " values, expected 1 or " +
                                    std::to_string(num_channels));
    }
    for (const double value : values) {
        if (!std::isfinite(value)) {
            throw std::invalid_argument(std::string("input_affine: ") + name + " holds " +
                                        to_text(value) + ", expected finite values");
        }
    }
}

void check_input(const InputRange& input, const Shape& shape) {
    if (!std::isfinite(input.scale) || input.scale <= 0.0) {
        throw std::invalid_argument("input_scale is " + to_text(input.scale) +
                                    ", expected a finite value above 0");
    }
    if (input.affine_scale.empty() != input.affine_shift.empty()) {
        throw std::invalid_argument(
            "input_affine has " + std::to_string(input.affine_scale.size()) + " scales and " +
            std::to_string(input.affine_shift.size()) + " shifts, expected both or none");
    }
    check_affine(input.affine_scale, shape[0], "scale");
    check_affine(input.affine_shift, shape[0], "shift");
}

// A readout's potentials are the network's output.
void check_readouts(const SpikingNetworkDescription& description) {
    for (const Population& population : description.populations) {
        if (population.neuron == NeuronModel::Readout &&
            &population != &description.populations.back()) {
            throw std::invalid_argument("population '" + population.name +
                                        "' is a readout, but not the last one, '" +
                                        description.populations.back().name + "'");
        }
    }
}

}  // namespace

void check_description(const SpikingNetworkDescription& description) {
    check_shape(description.input_shape, "input_shape");
    check_input(description.input, description.input_shape);
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
    check_readouts(description);
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
