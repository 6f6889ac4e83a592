// Checks of what drives a network.
#include "inputs.hpp"

#include "arrays.hpp"

namespace pysnn::bindings {

Encoding encoding_of(const std::string& name) {
    if (name == "poisson") {
        return Encoding::Poisson;
    }
    if (name == "regular") {
        return Encoding::Regular;
    }
    if (name == "constant") {
        return Encoding::Constant;
    }
    throw py::value_error("encoding is '" + name +
                          "', but must be 'poisson', 'regular' or 'constant'");
}

void check_inputs(const py::array& array, std::int64_t num_inputs, const char* name) {
    const py::ssize_t columns = array.shape(array.ndim() - 1);
    if (columns != num_inputs) {
        throw py::value_error(std::string(name) + " has " + std::to_string(columns) +
                              " inputs per sample, but the network has " +
                              std::to_string(num_inputs));
    }
}

const std::uint8_t* checked_spikes(const py::array& spikes, std::int64_t num_samples,
                                   std::int64_t num_inputs) {
    const auto* data = checked_data<std::uint8_t>(spikes, 3, "spikes");
    check_inputs(spikes, num_inputs, "spikes");
    if (num_samples >= 0 && spikes.shape(1) != num_samples) {
        throw py::value_error("spikes has " + std::to_string(spikes.shape(1)) +
                              " samples, but the simulation has " + std::to_string(num_samples));
    }
    return data;
}

}  // namespace pysnn::bindings
