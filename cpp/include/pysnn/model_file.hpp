#pragma once

#include <cstdint>
#include <filesystem>
#include <pysnn/export.hpp>
#include <pysnn/network.hpp>
#include <pysnn/spiking_network.hpp>
#include <string>
#include <string_view>
#include <variant>

namespace pysnn {

using Model = std::variant<Network, SpikingNetwork>;

/// Bytes of a model file: safetensors, with the description as JSON in its metadata.
PYSNN_API std::string to_bytes(const Network& network);
PYSNN_API std::string to_bytes(const SpikingNetwork& network);

/// Reads the bytes of a model file of either kind.
///
/// Throws:
///     ModelFileError: the bytes are not a model file of a version that this library reads.
PYSNN_API Model model_from_bytes(std::string_view bytes);

/// Writes a model file, under a temporary name that is renamed when it is complete.
///
/// Throws:
///     std::system_error: the file can't be written.
PYSNN_API void save(const Network& network, const std::filesystem::path& path);
PYSNN_API void save(const SpikingNetwork& network, const std::filesystem::path& path);

/// Reads a model file of either kind.
///
/// Throws:
///     std::system_error: the file can't be read.
///     ModelFileError: it is not a model file; the message begins with its path.
PYSNN_API Model load_model(const std::filesystem::path& path);

/// Reads the model file of a spiking network; a ReLU network in it is a ModelFileError.
PYSNN_API SpikingNetwork load(const std::filesystem::path& path);

}  // namespace pysnn
