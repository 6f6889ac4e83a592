// Numbers and sizes as messages show them, whatever the locale.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace pysnn::detail {

/// "(12, 24, 24)", as Python prints a tuple.
std::string to_text(const std::vector<std::int64_t>& shape);

std::string to_text(const std::array<std::int64_t, 2>& pair);

/// "1e-38": the shortest text that reads back as the same number.
std::string to_text(double number);
std::string to_text(float number);

/// "1.23457e-38": six digits, for what was computed and has no short text.
std::string to_rounded_text(double number);

}  // namespace pysnn::detail
