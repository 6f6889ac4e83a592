// Model files on the disk.
#include <pysnn/error.hpp>
#include <pysnn/model_file.hpp>
#include <string>
#include <utility>
#include <variant>

#include "platform/file_io.hpp"

namespace pysnn {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& message) {
    throw ModelFileError(detail::path_text(path) + ": " + message);
}

}  // namespace

void save(const Network& network, const std::filesystem::path& path) {
    detail::write_file(path, to_bytes(network));
}

void save(const SpikingNetwork& network, const std::filesystem::path& path) {
    detail::write_file(path, to_bytes(network));
}

Model load_model(const std::filesystem::path& path) {
    const std::string bytes = detail::read_file(path);
    try {
        return model_from_bytes(bytes);
    } catch (const ModelFileError& error) {
        fail(path, error.what());
    }
}

SpikingNetwork load(const std::filesystem::path& path) {
    Model model = load_model(path);
    if (auto* network = std::get_if<SpikingNetwork>(&model)) {
        return std::move(*network);
    }
    fail(path, "holds a ReLU network, expected a spiking network (convert it first)");
}

}  // namespace pysnn
