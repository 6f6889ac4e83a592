// The container of the model file: a strict subset of safetensors.
#pragma once

#include <map>
#include <pysnn/node.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace pysnn::detail {

/// Tensor to be written.
struct TensorToWrite {
    Shape shape;
    const std::vector<float>* values = nullptr;  // row-major, as many as the shape says
};

/// Tensor of a file that was read.
struct TensorView {
    Shape shape;
    std::string_view
        data;  // little-endian float32, row-major; points into the bytes that were parsed
};

/// What a safetensors file holds. This level knows nothing of networks.
struct TensorFile {
    std::map<std::string, std::string> metadata;
    std::map<std::string, TensorView> tensors;
};

/// Bytes of a safetensors file in its one canonical form.
///
/// The JSON header has sorted keys, no white space but the spaces that fill it up to a multiple of
/// 8 bytes, and ASCII only; the tensors follow in the order of their names. Equal content therefore
/// gives equal bytes.
///
/// Throws:
///     std::invalid_argument: a name or a value of the metadata is not valid UTF-8.
std::string write_safetensors(const std::map<std::string, std::string>& metadata,
                              const std::map<std::string, TensorToWrite>& tensors);

/// Reads the bytes of a safetensors file that has tensors of float32 only.
///
/// Refuses what the reference implementation of the format refuses, and doubled keys, NULs in
/// names, deep nesting, unknown keys and all other element types.
///
/// Throws:
///     ModelFileError: says what is wrong with the bytes.
TensorFile parse_safetensors(std::string_view bytes);

/// The values of a tensor.
std::vector<float> to_floats(const TensorView& tensor);

}  // namespace pysnn::detail
