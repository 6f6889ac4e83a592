// What the neurons of a population must be.
#include "network/spiking/neuron_checks.hpp"

#include <cmath>
#include <pysnn/names.hpp>
#include <stdexcept>
#include <vector>

#include "base/array.hpp"
#include "base/text.hpp"
#include "network/spiking/neuron_models.hpp"
#include "nodes/checks.hpp"

namespace pysnn::detail {
namespace {

std::string model_text(const Population& population) {
    return std::string("neurons of the model '") + name_of(population.neuron) + "'";
}

void check_size(const std::vector<float>& values, const Shape& shape, const std::string& name) {
    const std::int64_t num_neurons = num_elements(shape);
    const std::int64_t size = size_of(values);
    if (size != 1 && size != shape[0] && size != num_neurons) {
        throw std::invalid_argument(name + " has " + std::to_string(size) + " values, expected 1" +
                                    (shape.size() == 1 ? "" : ", " + std::to_string(shape[0])) +
                                    " or " + std::to_string(num_neurons));
    }
    check_finite(values, name);
}

template <typename IsGood>
void check_values(const std::vector<float>& values, const Shape& shape, const std::string& name,
                  IsGood is_good, const char* expected) {
    check_size(values, shape, name);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!is_good(values[i])) {
            throw std::invalid_argument(name + " is " + to_text(values[i]) + " at index " +
                                        std::to_string(i) + ", expected values " + expected);
        }
    }
}

// What a neuron model does not read must be what it is by default.
void check_unused(const std::vector<float>& values, float unused, const Population& population,
                  const std::string& name) {
    if (values != std::vector<float>{unused}) {
        throw std::invalid_argument(
            name + " is " + (values.size() == 1 ? to_text(values.front()) : "an array") + ", but " +
            model_text(population) + " have none; leave it at " + to_text(unused));
    }
}

void check_threshold(const Population& population, const std::string& where) {
    const std::string name = where + ": threshold";
    if (!traits_of(population.neuron).has_threshold) {
        check_unused(population.threshold, 1.0F, population, name);
        return;
    }
    check_values(
        population.threshold, population.shape, name, [](float value) { return value > 0.0F; },
        "above 0");
}

void check_initial_potential(const Population& population, const std::string& where) {
    const std::string name = where + ": initial_potential";
    if (traits_of(population.neuron).has_potential) {
        check_size(population.initial_potential, population.shape, name);
    } else {
        check_unused(population.initial_potential, 0.0F, population, name);
    }
}

void check_negative_threshold(const Population& population, const std::string& where) {
    const std::string name = where + ": negative_threshold";
    if (!traits_of(population.neuron).has_negative_threshold) {
        check_unused(population.negative_threshold, 0.0F, population, name);
        return;
    }
    check_values(
        population.negative_threshold, population.shape, name,
        [](float value) { return value >= 0.0F; }, "of at least 0");
}

void check_leak(const Population& population, const std::string& where) {
    const std::string name = where + ": leak";
    if (!traits_of(population.neuron).has_leak) {
        check_unused(population.leak, 1.0F, population, name);
        return;
    }
    check_values(
        population.leak, population.shape, name,
        [](float value) { return value > 0.0F && value <= 1.0F; }, "above 0 and at most 1");
}

void check_delay(const Population& population, const std::string& where) {
    const bool has_delay = traits_of(population.neuron).has_delay;
    if (population.delay < 0 || (population.delay != 0 && !has_delay)) {
        throw std::invalid_argument(
            where + ": delay is " + std::to_string(population.delay) +
            (has_delay ? ", expected at least 0"
                       : ", but " + model_text(population) + " have none; expected 0"));
    }
}

void check_reset(const Population& population, const std::string& where) {
    if (!std::isfinite(population.refractory_period) || population.refractory_period < 0.0) {
        throw std::invalid_argument(where + ": refractory_period is " +
                                    to_text(population.refractory_period) +
                                    " s, expected a finite value of at least 0");
    }
    if (traits_of(population.neuron).has_reset) {
        return;
    }
    if (population.reset != ResetMode::Subtract) {
        throw std::invalid_argument(where + ": reset is '" + name_of(population.reset) + "', but " +
                                    model_text(population) + " take '" +
                                    name_of(ResetMode::Subtract) + "'");
    }
    if (population.refractory_period != 0.0) {
        throw std::invalid_argument(where + ": refractory_period is " +
                                    to_text(population.refractory_period) + " s, but " +
                                    model_text(population) + " have none; expected 0");
    }
}

void check_bias(const Population& population, const std::string& where) {
    if (population.bias.empty()) {
        return;
    }
    const std::string name = where + ": bias";
    const std::int64_t num_neurons = num_elements(population.shape);
    const std::int64_t size = size_of(population.bias);
    if (!traits_of(population.neuron).has_potential) {
        throw std::invalid_argument(name + " has " + std::to_string(size) + " values, but " +
                                    model_text(population) + " have none");
    }
    if (size != population.shape[0] && size != num_neurons) {
        const bool is_vector = population.shape.size() == 1;
        throw std::invalid_argument(name + " has " + std::to_string(size) +
                                    " values, expected none" +
                                    (is_vector ? "" : ", " + std::to_string(population.shape[0])) +
                                    " or " + std::to_string(num_neurons));
    }
    check_finite(population.bias, name);
}

}  // namespace

void check_neurons(const Population& population, const std::string& where) {
    check_threshold(population, where);
    check_initial_potential(population, where);
    check_negative_threshold(population, where);
    check_leak(population, where);
    check_delay(population, where);
    check_reset(population, where);
    check_bias(population, where);
}

}  // namespace pysnn::detail
