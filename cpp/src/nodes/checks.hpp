#pragma once

#include <pysnn/synapses.hpp>
#include <string>
#include <vector>

namespace pysnn::detail {

// All throw std::invalid_argument with `name` at the beginning of the message.
void check_shape(const Shape& shape, const std::string& name);
void check_finite(const std::vector<float>& values, const std::string& name);
void check_finite(const Node& node, const std::string& name);
void check_finite(const Synapses& synapses, const std::string& name);

/// Names stand in the model file before a '/', beside the key "__metadata__".
void check_name(const std::string& name, const char* what);

}  // namespace pysnn::detail
