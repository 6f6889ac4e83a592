// Every way in which a model file is damaged.
#include "damages.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <vector>

#include "model_bytes.hpp"

namespace {

using nlohmann::json;

ModelBytes parts_of(std::string_view file) {
    ModelBytes parts;
    if (!take_apart(file, parts)) {
        throw std::runtime_error("the undamaged file has a wrong length of its header");
    }
    return parts;
}

const std::vector<json>& odd_values() {
    static const std::vector<json> values = {
        nullptr,
        true,
        false,
        -1,
        0,
        1,
        2,
        3,
        255,
        1 << 20,
        std::int64_t{1} << 31,
        std::int64_t{1} << 32,
        std::int64_t{1} << 40,
        std::int64_t{1} << 62,
        std::numeric_limits<std::int64_t>::max(),
        std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::uint64_t>::max(),
        0.5,
        1.0,
        -0.0,
        1e-320,
        1e308,
        "",
        "0",
        "input",
        "output",
        "zero",
        "Linear",
        "Flatten",
        "AvgPool2d",
        "MaxPool2d",
        "Add",
        "Identity",
        "signed",
        "max_pool",
        "a/b",
        std::string("a\0b", 3),
        std::string(1000, 'a'),
        json::array(),
        json::array({0}),
        json::array({1, 1}),
        json::array({std::int64_t{1} << 32, std::int64_t{1} << 32}),
        json::array({std::numeric_limits<std::int64_t>::max(), 2}),
        json::array({nullptr, "a", json::object()}),
        json::object(),
        json::object({{"", json::object()}}),
    };
    return values;
}

/// Places of all values within a value, itself included.
void list_places(const json& value, const json::json_pointer& place,
                 std::vector<json::json_pointer>& places) {
    places.push_back(place);
    if (value.is_object()) {
        for (const auto& item : value.items()) {
            list_places(item.value(), place / item.key(), places);
        }
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            list_places(value[i], place / i, places);
        }
    }
}

/// Calls `take` with each changed version of a JSON value.
void corrupt(const json& original, const std::function<void(const json&)>& take) {
    std::vector<json::json_pointer> places;
    list_places(original, json::json_pointer(), places);
    for (const json::json_pointer& place : places) {
        for (const json& value : odd_values()) {
            json changed = original;
            changed[place] = value;
            take(changed);
        }
        if (place.empty()) {
            continue;
        }
        const json& whole = original[place.parent_pointer()];
        json changed = original;
        json& around = changed[place.parent_pointer()];
        if (whole.is_object()) {
            around.erase(place.back());
            take(changed);
            around[place.back() + "_"] = whole[place.back()];
        } else {
            around.erase(std::stoul(place.back()));
            take(changed);
            around = whole;
            around.push_back(whole[std::stoul(place.back())]);
        }
        take(changed);
    }
}

}  // namespace

void cut_everywhere(std::string_view file, const TakeFile& take) {
    for (std::size_t size = 0; size < file.size(); ++size) {
        take(std::string(file.substr(0, size)));
    }
    take(std::string(file) + '\0');
}

void change_every_byte(std::string_view file, const TakeFile& take) {
    constexpr std::string_view kTelling = "\"{}[]:,\\09.-e\x80\xff";
    std::string changed(file);
    for (std::size_t position = 0; position < file.size(); ++position) {
        const char original = file[position];
        std::set<char> values(kTelling.begin(), kTelling.end());
        values.insert('\0');
        for (int bit = 0; bit < 8; ++bit) {
            values.insert(static_cast<char>(original ^ (1 << bit)));
        }
        values.erase(original);
        for (const char value : values) {
            changed[position] = value;
            take(changed);
        }
        changed[position] = original;
    }
}

void shift_every_byte(std::string_view file, const TakeFile& take) {
    const ModelBytes parts = parts_of(file);
    for (std::size_t position = 0; position < parts.header.size(); ++position) {
        ModelBytes changed = parts;
        changed.header.insert(position, 1, parts.header[position]);
        take(put_together(changed));
        changed.header = parts.header;
        changed.header.erase(position, 1);
        take(put_together(changed));
    }
}

void corrupt_every_field(std::string_view file, const TakeFile& take) {
    const ModelBytes parts = parts_of(file);
    const auto take_header = [&](const json& header) {
        take(put_together({header.dump(-1, ' ', true), parts.data}));
    };
    json header = json::parse(parts.header);
    corrupt(header, take_header);
    json& text = header["__metadata__"]["pysnn"];
    corrupt(json::parse(text.get<std::string>()), [&](const json& description) {
        text = description.dump(-1, ' ', true);
        take_header(header);
    });
}
