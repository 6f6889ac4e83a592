// JSON read as strictly as a file from a stranger needs, and written in one form.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <pysnn/node.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pysnn::detail {

/// Parses a JSON object as strictly as a file from a stranger needs.
///
/// Refuses, beside what is not JSON: text that does not begin with '{', NUL bytes, an object that
/// has a key twice, and nesting deeper than any model file has.
///
/// Args:
///     where: what the text is, at the beginning of every message.
///
/// Throws:
///     ModelFileError: as above; no byte of the text is quoted, so the message is valid UTF-8.
nlohmann::json parse_strict_json(std::string_view text, const std::string& where);

/// Canonical text: sorted keys, no white space, ASCII only.
///
/// Throws:
///     std::invalid_argument: a string in it is not valid UTF-8.
std::string canonical_json(const nlohmann::json& value);

/// Reads the members of a JSON object, each with the type that it must have.
///
/// All members throw ModelFileError, naming the object and the key.
class ObjectReader {
  public:
    /// Args:
    ///     where: what the object is, at the beginning of every message.
    ///     value: must outlive the reader.
    ObjectReader(const nlohmann::json& value, std::string where);

    const std::string& where() const noexcept { return where_; }

    bool has(const char* key) const;
    std::string text(const char* key);
    std::uint64_t integer(const char* key);
    /// An integer of at least 0 and below 2^63.
    std::int64_t size(const char* key);
    double number(const char* key);
    /// A number that float32 holds.
    float single(const char* key);
    bool flag(const char* key);
    Shape integers(const char* key);
    std::vector<double> numbers(const char* key);
    /// A list of numbers and of lists of them; a number stands for a list of one, which is no other
    /// way to write it.
    std::vector<std::vector<double>> lists_of_numbers(const char* key);
    std::vector<std::string> texts(const char* key);
    /// An object of strings, at least one.
    std::map<std::string, std::string> texts_by_name(const char* key);
    std::array<std::int64_t, 2> pair(const char* key);
    /// Two integers; four where both ends of an axis differ, if `may_be_four`.
    Padding padding(const char* key, bool may_be_four);
    const nlohmann::json& array(const char* key);
    const nlohmann::json& object(const char* key);

    /// Refuses keys that were not asked for: a misspelt setting must not be dropped in silence.
    void expect_no_other_keys() const;

  private:
    const nlohmann::json& member(const char* key);
    [[noreturn]] void fail(const char* key, const std::string& expected) const;

    const nlohmann::json& value_;
    std::string where_;
    std::set<std::string> keys_read_;
};

}  // namespace pysnn::detail
