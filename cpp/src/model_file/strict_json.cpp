// JSON read as strictly as a file from a stranger needs, and written in one form.
#include "model_file/strict_json.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <pysnn/error.hpp>
#include <stdexcept>
#include <utility>

namespace pysnn::detail {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMaxSize = std::numeric_limits<std::int64_t>::max();

// The deepest thing that a version 1 file has is the stride of a projection of a population, at 6.
constexpr std::size_t kMaxDepth = 16;

/// Builds a value from the parser's events, and ends at the first thing that is not allowed.
///
/// The library's own builder keeps the last of two equal keys, and with a callback that would see
/// both it takes time in the square of the length of a list of objects.
class StrictBuilder final : public nlohmann::json_sax<json> {
  public:
    explicit StrictBuilder(std::string where) : where_(std::move(where)) {}

    json take() { return std::move(root_); }

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override { return add(value); }
    bool number_float(number_float_t value, const string_t& /*text*/) override {
        return add(value);
    }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t& value) override { return add(std::move(value)); }
    bool start_object(std::size_t /*size*/) override { return open(json::object()); }
    bool start_array(std::size_t /*size*/) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        auto& members = open_.back()->get_ref<json::object_t&>();
        const auto [member, is_new] = members.emplace(name, nullptr);
        if (!is_new) {
            throw ModelFileError(where_ + " has the key '" + name + "' twice");
        }
        member_ = &member->second;
        return true;
    }

    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const json::exception& error) override {
        if (dynamic_cast<const json::parse_error*>(&error) != nullptr) {
            throw ModelFileError(where_ + " is not valid JSON in UTF-8 (at byte " +
                                 std::to_string(position) + ")");
        }
        throw ModelFileError(where_ + " has a number that is too large");
    }

  private:
    json* place(json value) {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        if (open_.back()->is_array()) {
            open_.back()->push_back(std::move(value));
            return &open_.back()->back();
        }
        *member_ = std::move(value);
        return member_;
    }

    bool add(json value) {
        place(std::move(value));
        return true;
    }

    bool open(json empty) {
        if (open_.size() == kMaxDepth) {
            throw ModelFileError(where_ + " is nested deeper than " + std::to_string(kMaxDepth) +
                                 " levels");
        }
        open_.push_back(place(std::move(empty)));
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    std::string where_;
    json root_;
    std::vector<json*> open_;  // objects and lists that have not ended, the innermost last
    json* member_ = nullptr;   // where the value of the last key goes
};

}  // namespace

json parse_strict_json(std::string_view text, const std::string& where) {
    if (text.empty() || text.front() != '{') {
        throw ModelFileError(where + " does not begin with '{'");
    }
    // The parser takes a NUL for the end of its input and would not look at what follows.
    const std::size_t nul = text.find('\0');
    if (nul != std::string_view::npos) {
        throw ModelFileError(where + " has a NUL at byte " + std::to_string(nul));
    }
    StrictBuilder builder(where);
    json::sax_parse(text, &builder);
    return builder.take();
}

std::string canonical_json(const json& value) {
    try {
        return value.dump(-1, ' ', true);
    } catch (const json::type_error&) {
        throw std::invalid_argument(
            "a name is not valid UTF-8, which a model file must be: " +
            value.dump(-1, ' ', true, json::error_handler_t::replace).substr(0, 200));
    }
}

ObjectReader::ObjectReader(const json& value, std::string where)
    : value_(value), where_(std::move(where)) {
    if (!value_.is_object()) {
        throw ModelFileError(where_ + " is not a JSON object");
    }
}

bool ObjectReader::has(const char* key) const { return value_.contains(key); }

std::string ObjectReader::text(const char* key) {
    const json& value = member(key);
    if (!value.is_string()) {
        fail(key, "a string");
    }
    return value.get<std::string>();
}

std::uint64_t ObjectReader::integer(const char* key) {
    const json& value = member(key);
    if (!value.is_number_unsigned()) {
        fail(key, "an integer of at least 0");
    }
    return value.get<std::uint64_t>();
}

std::int64_t ObjectReader::size(const char* key) {
    const std::uint64_t value = integer(key);
    if (value > kMaxSize) {
        fail(key, "an integer below 2^63");
    }
    return static_cast<std::int64_t>(value);
}

double ObjectReader::number(const char* key) {
    const json& value = member(key);
    if (!value.is_number()) {
        fail(key, "a number");
    }
    return value.get<double>();
}

float ObjectReader::single(const char* key) {
    const double value = number(key);
    // Larger ones have no float32 at all.
    if (std::abs(value) > std::numeric_limits<float>::max() ||
        static_cast<double>(static_cast<float>(value)) != value) {
        fail(key, "a number that float32 holds");
    }
    return static_cast<float>(value);
}

bool ObjectReader::flag(const char* key) {
    const json& value = member(key);
    if (!value.is_boolean()) {
        fail(key, "true or false");
    }
    return value.get<bool>();
}

Shape ObjectReader::integers(const char* key) {
    Shape result;
    for (const json& value : array(key)) {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kMaxSize) {
            fail(key, "a list of integers of at least 0 and below 2^63");
        }
        result.push_back(value.get<std::int64_t>());
    }
    return result;
}

std::vector<double> ObjectReader::numbers(const char* key) {
    std::vector<double> result;
    for (const json& value : array(key)) {
        if (!value.is_number()) {
            fail(key, "a list of numbers");
        }
        result.push_back(value.get<double>());
    }
    return result;
}

std::vector<std::vector<double>> ObjectReader::lists_of_numbers(const char* key) {
    const auto is_number = [](const json& value) { return value.is_number(); };
    std::vector<std::vector<double>> result;
    for (const json& value : array(key)) {
        if (value.is_number()) {
            result.push_back({value.get<double>()});
        } else if (value.is_array() && value.size() > 1 &&
                   std::all_of(value.begin(), value.end(), is_number)) {
            result.push_back(value.get<std::vector<double>>());
        } else {
            fail(key, "a list of numbers, or of lists of two numbers or more");
        }
    }
    return result;
}

std::vector<std::string> ObjectReader::texts(const char* key) {
    std::vector<std::string> result;
    for (const json& value : array(key)) {
        if (!value.is_string()) {
            fail(key, "a list of strings");
        }
        result.push_back(value.get<std::string>());
    }
    return result;
}

std::map<std::string, std::string> ObjectReader::texts_by_name(const char* key) {
    std::map<std::string, std::string> result;
    for (const auto& [name, value] : object(key).items()) {
        if (!value.is_string()) {
            fail(key, "an object of strings");
        }
        result.emplace(name, value.get<std::string>());
    }
    if (result.empty()) {
        fail(key, "at least one string");
    }
    return result;
}

std::array<std::int64_t, 2> ObjectReader::pair(const char* key) {
    const Shape values = integers(key);
    if (values.size() != 2) {
        fail(key, "two integers");
    }
    return {values[0], values[1]};
}

Padding ObjectReader::padding(const char* key, bool may_be_four) {
    const Shape values = integers(key);
    if (values.size() == 2) {
        return {values[0], values[1]};
    }
    if (!may_be_four) {
        fail(key, "two integers");
    }
    if (values.size() != 4 || (values[0] == values[1] && values[2] == values[3])) {
        fail(key, "two integers, or four where opposite sides differ");
    }
    return {values[0], values[1], values[2], values[3]};
}

const json& ObjectReader::array(const char* key) {
    const json& value = member(key);
    if (!value.is_array()) {
        fail(key, "a list");
    }
    return value;
}

const json& ObjectReader::object(const char* key) {
    const json& value = member(key);
    if (!value.is_object()) {
        fail(key, "an object");
    }
    return value;
}

void ObjectReader::expect_no_other_keys() const {
    for (const auto& item : value_.items()) {
        if (keys_read_.count(item.key()) == 0) {
            throw ModelFileError(where_ + " has the unknown key '" + item.key() + "'");
        }
    }
}

const json& ObjectReader::member(const char* key) {
    const auto found = value_.find(key);
    if (found == value_.end()) {
        throw ModelFileError(where_ + " has no key '" + key + "'");
    }
    keys_read_.insert(key);
    return *found;
}

void ObjectReader::fail(const char* key, const std::string& expected) const {
    const std::string got = value_.at(key).dump(-1, ' ', true);
    throw ModelFileError(where_ + ": '" + key + "' is " +
                         (got.size() > 80 ? got.substr(0, 77) + "..." : got) + ", expected " +
                         expected);
}

}  // namespace pysnn::detail
