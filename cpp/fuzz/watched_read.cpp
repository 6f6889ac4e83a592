// Reads bytes as a model file and holds the reader to its promises.
#include "watched_read.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <pysnn/error.hpp>
#include <pysnn/model_file.hpp>
#include <string>
#include <typeinfo>
#include <variant>

#include "allocations.hpp"

namespace {

[[noreturn]] void broken(const std::string& promise) {
    std::fprintf(stderr, "broken promise: %s\n", promise.c_str());
    std::abort();
}

std::string written(const pysnn::Model& model) {
    return std::visit([](const auto& network) { return pysnn::to_bytes(network); }, model);
}

// What a reader took must not be what a writer, or the reader next time, stumbles over.
void check_written(const pysnn::Model& model) {
    const std::string once = written(model);
    if (written(pysnn::model_from_bytes(once)) != once) {
        broken("a model that was read changes when it is saved and read again");
    }
}

}  // namespace

std::size_t allocation_limit(std::size_t size) {
    // The worst is a description of nothing but "{},": in memory an empty object is some 20 times
    // as long as its text, and a list that grows is allocated several times over.
    constexpr std::size_t kPerByte = 96;
    // Of the messages, which may name what was expected.
    constexpr std::size_t kConstant = 16 * 1024;
    return kPerByte * size + kConstant;
}

Reading read_watched(std::string_view bytes) {
    // A buffer of just this size: a read beyond it is seen.
    const auto buffer = std::make_unique<char[]>(bytes.size());
    std::memcpy(buffer.get(), bytes.data(), bytes.size());
    Reading reading;
    try {
        const AllocationCount count;
        std::unique_ptr<const pysnn::Model> model;
        try {
            model = std::make_unique<const pysnn::Model>(
                pysnn::model_from_bytes({buffer.get(), bytes.size()}));
        } catch (const pysnn::ModelFileError& error) {
            if (error.what()[0] == '\0') {
                broken("an error without a message");
            }
        }
        reading.allocated = count.total();
        if (model != nullptr) {
            reading.accepted = true;
            check_written(*model);
        }
    } catch (const std::exception& error) {
        broken(std::string("only a ModelFileError is thrown, but this was ") +
               typeid(error).name() + ": " + error.what());
    }
    if (reading.allocated > allocation_limit(bytes.size())) {
        broken("reading " + std::to_string(bytes.size()) + " bytes allocated " +
               std::to_string(reading.allocated));
    }
    return reading;
}
