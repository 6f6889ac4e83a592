// Mutations of model files that get past the first checks.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "model_bytes.hpp"

// Bytes changed at random hardly ever get past the length of the header, and never past the quotes
// that the description's JSON has within the header's. So the parts are changed, each in its own
// form, and put together again.

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using nlohmann::json;

std::string mutated(std::string text, std::size_t max_growth) {
    const std::size_t size = text.size();
    text.resize(size + max_growth);
    text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), size, text.size()));
    return text;
}

std::string with_mutated_description(const ModelBytes& parts, std::size_t room) {
    json header = json::parse(parts.header, nullptr, false);
    if (!header.is_object() || !header["__metadata__"].is_object() ||
        !header["__metadata__"]["pysnn"].is_string()) {
        return mutated(parts.header, room);
    }
    json& description = header["__metadata__"]["pysnn"];
    // Quotes become two bytes in the header, other characters up to six.
    description = mutated(description.get<std::string>(), room / 6);
    return header.dump(-1, ' ', true, json::error_handler_t::replace);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned int seed) {
    std::minstd_rand random(seed);
    const unsigned choice = random() % 8;
    ModelBytes parts;
    if (choice == 0 || !take_apart({reinterpret_cast<const char*>(data), size}, parts)) {
        return LLVMFuzzerMutate(data, size, max_size);
    }
    const std::size_t room = max_size - std::min(size, max_size);
    if (choice < 4) {
        parts.header = with_mutated_description(parts, room);
    } else if (choice < 7) {
        parts.header = mutated(parts.header, room);
    } else {
        parts.data = mutated(parts.data, room);
    }
    const std::string file = put_together(parts);
    if (file.size() > max_size) {
        return LLVMFuzzerMutate(data, size, max_size);
    }
    std::memcpy(data, file.data(), file.size());
    return file.size();
}
