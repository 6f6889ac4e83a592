#include "strict_json.hpp"

#include <limits>
#include <pysnn/error.hpp>
#include <stdexcept>
#include <utility>

namespace pysnn::detail {
namespace {

using nlohmann::json;

// The deepest thing that a version 1 file has is the stride of a projection of a population, at 6.
constexpr int kMaxDepth = 16;

/// Sees every object and key as it is parsed: the finished value has forgotten duplicates.
class StructureCheck {
  public:
    explicit StructureCheck(std::string where) : where_(std::move(where)) {}

    bool operator()(int depth, json::parse_event_t event, json& parsed) {
        using Event = json::parse_event_t;
        if (depth > kMaxDepth) {
            throw ModelFileError(where_ + " is nested deeper than " + std::to_string(kMaxDepth) +
                                 " levels");
        }
        if (event == Event::object_start) {
            keys_.resize(static_cast<std::size_t>(depth) + 1);
            keys_.back().clear();
        } else if (event == Event::key) {
            const auto& key = parsed.get_ref<const std::string&>();
            // A key's depth is that of its object's members.
            if (!keys_.at(static_cast<std::size_t>(depth) - 1).insert(key).second) {
                throw ModelFileError(where_ + " has the key '" + key + "' twice");
            }
        }
        return true;
    }

  private:
    std::string where_;
    std::vector<std::set<std::string>> keys_;  // of the open object at each depth
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
    try {
        return json::parse(text, StructureCheck(where));
    } catch (const json::parse_error& error) {
        throw ModelFileError(where + " is not valid JSON in UTF-8 (at byte " +
                             std::to_string(error.byte) + ")");
    } catch (const json::exception&) {
        throw ModelFileError(where + " has a number that is too large");
    }
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

double ObjectReader::number(const char* key) {
    const json& value = member(key);
    if (!value.is_number()) {
        fail(key, "a number");
    }
    return value.get<double>();
}

bool ObjectReader::flag(const char* key) {
    const json& value = member(key);
    if (!value.is_boolean()) {
        fail(key, "true or false");
    }
    return value.get<bool>();
}

Shape ObjectReader::integers(const char* key) {
    constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
    Shape result;
    for (const json& value : array(key)) {
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() > kMax) {
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

std::array<std::int64_t, 2> ObjectReader::pair(const char* key) {
    const Shape values = integers(key);
    if (values.size() != 2) {
        fail(key, "two integers");
    }
    return {values[0], values[1]};
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
