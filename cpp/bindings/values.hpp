// Enumerators, sizes, paddings and scales as Python has them.
#pragma once

#include <pybind11/pybind11.h>

#include <array>
#include <cstdint>
#include <optional>
#include <pysnn/names.hpp>
#include <pysnn/node.hpp>
#include <string>

namespace pysnn::bindings {

namespace py = pybind11;

using Pair = std::array<std::int64_t, 2>;   // height, width
using Sides = std::array<std::int64_t, 4>;  // top, bottom, left, right

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

Sides sides_of(const Padding& padding);

Padding padding_of(const Sides& sides);

}  // namespace pysnn::bindings
