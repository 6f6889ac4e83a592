// Enumerators and scales as Python has them: names, and one number for each layer or population.
#pragma once

#include <pybind11/pybind11.h>

#include <array>
#include <optional>
#include <pysnn/names.hpp>
#include <string>
#include <vector>

namespace pysnn::bindings {

namespace py = pybind11;

/// The enumerator of a name.
///
/// Throws:
///     py::value_error: no enumerator has it; names the argument and lists them.
template <typename Enum, std::size_t kCount>
Enum enum_of(const char* argument, const std::array<Enum, kCount>& all, const std::string& name) {
    const std::optional<Enum> found = find_by_name(all, name);
    if (!found) {
        std::string names;
        for (const Enum each : all) {
            names += std::string(names.empty() ? "'" : ", '") + name_of(each) + "'";
        }
        throw py::value_error(std::string(argument) + " is '" + name + "', but must be one of " +
                              names);
    }
    return *found;
}

/// One number for each entry.
///
/// Throws:
///     py::value_error: an entry has one per channel.
std::vector<double> single_scales(const std::vector<std::vector<double>>& scales);

std::vector<std::vector<double>> nested_scales(const std::vector<double>& scales);

}  // namespace pysnn::bindings
