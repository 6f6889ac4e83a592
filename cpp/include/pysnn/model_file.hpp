// Model files: networks saved and loaded.
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

/// What a model file holds.
using Model = std::variant<Network, SpikingNetwork>;

/// Bytes of a model file: safetensors, with the description as JSON in its metadata. Equal networks
/// have equal bytes.
///
/// Throws:
///     std::invalid_argument: the network is not valid or packed, or a name is not UTF-8.
PYSNN_API std::string to_bytes(const Network& network);
PYSNN_API std::string to_bytes(const SpikingNetwork& network);

/// Reads the bytes of a model file of either kind.
///
/// Throws:
///     ModelFileError: the bytes are not a model file of a version that this library reads.
PYSNN_API Model model_from_bytes(std::string_view bytes);

/// Writes a model file, under a temporary name that is renamed when it is complete: a file that is
/// there is replaced as a whole or left as it was.
///
/// Throws:
///     std::invalid_argument: as to_bytes().
///     std::system_error: the file can't be written.
PYSNN_API void save(const Network& network, const std::filesystem::path& path);
PYSNN_API void save(const SpikingNetwork& network, const std::filesystem::path& path);

/// Reads a model file of either kind.
///
/// Throws:
///     std::system_error: the file can't be read.
///     ModelFileError: it is not a model file; the message begins with its path.
PYSNN_API Model load_model(const std::filesystem::path& path);

/// Reads the model file of a spiking network.
///
/// Throws:
///     std::system_error: the file can't be read.
///     ModelFileError: it is not a model file, or holds a ReLU network.
PYSNN_API SpikingNetwork load(const std::filesystem::path& path);

}  // namespace pysnn
