// The container of the model file: a strict subset of safetensors.
#include "model_file/safetensors.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <pysnn/error.hpp>
#include <utility>

#include "base/text.hpp"
#include "model_file/strict_json.hpp"

namespace pysnn::detail {
namespace {

using nlohmann::json;

static_assert(sizeof(float) == 4 && std::numeric_limits<float>::is_iec559,
              "tensors are written as IEEE 754 binary32");

constexpr const char* kMetadataKey = "__metadata__";
constexpr std::uint64_t kMaxHeaderSize = 100'000'000;  // as in the reference implementation
constexpr std::size_t kLengthSize = 8;
constexpr std::size_t kAlignment = 8;

void append_little_endian(std::string& bytes, std::uint64_t value, std::size_t num_bytes) {
    for (std::size_t i = 0; i < num_bytes; ++i) {
        bytes.push_back(static_cast<char>(static_cast<unsigned char>(value >> (8 * i))));
    }
}

std::uint64_t read_little_endian(const char* bytes, std::size_t num_bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < num_bytes; ++i) {
        value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    }
    return value;
}

std::uint32_t float_bits(float value) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof(bits));
    return bits;
}

float float_from_bits(std::uint32_t bits) {
    float value = 0.0F;
    std::memcpy(&value, &bits, sizeof(value));
    return value;
}

/// Bytes of a float32 tensor of this shape.
std::uint64_t num_bytes(const Shape& shape, const std::string& where) {
    std::uint64_t product = sizeof(float);
    for (const std::int64_t size : shape) {
        const auto factor = static_cast<std::uint64_t>(size);
        if (factor != 0 && product > std::numeric_limits<std::uint64_t>::max() / factor) {
            throw ModelFileError(where + " has shape " + to_text(shape) + ", which is too large");
        }
        product *= factor;
    }
    return product;
}

/// Where a tensor lies in the data part.
struct Extent {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::string name;
    Shape shape;
};

Extent read_extent(const std::string& name, const json& value) {
    if (name.find('\0') != std::string::npos) {
        throw ModelFileError("header has a tensor name with a NUL in it");
    }
    const std::string where = "tensor '" + name + "'";
    ObjectReader reader(value, where);
    const std::string dtype = reader.text("dtype");
    if (dtype != "F32") {
        throw ModelFileError(where + " has dtype '" + dtype + "', expected 'F32'");
    }
    Extent extent;
    extent.name = name;
    extent.shape = reader.integers("shape");
    const auto offsets = reader.pair("data_offsets");
    reader.expect_no_other_keys();
    extent.begin = static_cast<std::uint64_t>(offsets[0]);
    extent.end = static_cast<std::uint64_t>(offsets[1]);
    const std::uint64_t expected = num_bytes(extent.shape, where);
    if (extent.end < extent.begin || extent.end - extent.begin != expected) {
        throw ModelFileError(where + " of shape " + to_text(extent.shape) + " has data_offsets " +
                             to_text(offsets) + ", expected " + std::to_string(expected) +
                             " bytes between them");
    }
    return extent;
}

std::map<std::string, std::string> read_metadata(const json& value) {
    ObjectReader reader(value, std::string("header's ") + kMetadataKey);
    std::map<std::string, std::string> metadata;
    for (const auto& item : value.items()) {
        metadata.emplace(item.key(), reader.text(item.key().c_str()));
    }
    return metadata;
}

/// Tensors must follow each other from the first byte of the data to the last.
void check_extents(std::vector<Extent>& extents, std::uint64_t data_size) {
    std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) {
        return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    std::uint64_t position = 0;
    for (const Extent& extent : extents) {
        if (extent.begin != position) {
            throw ModelFileError("tensor '" + extent.name + "' begins at byte " +
                                 std::to_string(extent.begin) + " of the data, expected " +
                                 std::to_string(position) + " (no gap, no overlap)");
        }
        position = extent.end;
    }
    if (position != data_size) {
        throw ModelFileError("tensors take " + std::to_string(position) +
                             " bytes, but the file has " + std::to_string(data_size) +
                             " bytes of data");
    }
}

std::string_view header_text(std::string_view bytes) {
    if (bytes.size() < kLengthSize) {
        throw ModelFileError("has " + std::to_string(bytes.size()) +
                             " bytes, expected at least 8 (the length of the header)");
    }
    const std::uint64_t length = read_little_endian(bytes.data(), kLengthSize);
    if (length > kMaxHeaderSize) {
        throw ModelFileError("header length is " + std::to_string(length) + ", expected at most " +
                             std::to_string(kMaxHeaderSize) + " (is this a model file?)");
    }
    if (length > bytes.size() - kLengthSize) {
        throw ModelFileError("header length is " + std::to_string(length) + ", but only " +
                             std::to_string(bytes.size() - kLengthSize) + " bytes follow");
    }
    return bytes.substr(kLengthSize, static_cast<std::size_t>(length));
}

}  // namespace

std::string write_safetensors(const std::map<std::string, std::string>& metadata,
                              const std::map<std::string, TensorToWrite>& tensors) {
    json header = json::object();
    header[kMetadataKey] = metadata;
    std::uint64_t position = 0;
    for (const auto& [name, tensor] : tensors) {
        const std::uint64_t end = position + tensor.values->size() * sizeof(float);
        header[name] = {
            {"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {position, end}}};
        position = end;
    }
    std::string text = canonical_json(header);
    text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
    if (text.size() > kMaxHeaderSize) {
        throw std::invalid_argument(
            "the network's description takes " + std::to_string(text.size()) +
            " bytes, but a model file has room for " + std::to_string(kMaxHeaderSize));
    }
    std::string bytes;
    bytes.reserve(kLengthSize + text.size() + static_cast<std::size_t>(position));
    append_little_endian(bytes, text.size(), kLengthSize);
    bytes += text;
    for (const auto& [name, tensor] : tensors) {
        for (const float value : *tensor.values) {
            append_little_endian(bytes, float_bits(value), sizeof(float));
        }
    }
    return bytes;
}

TensorFile parse_safetensors(std::string_view bytes) {
    const std::string_view text = header_text(bytes);
    const std::string_view data = bytes.substr(kLengthSize + text.size());
    const json header = parse_strict_json(text, "header");
    TensorFile file;
    std::vector<Extent> extents;
    for (const auto& item : header.items()) {
        if (item.key() == kMetadataKey) {
            file.metadata = read_metadata(item.value());
        } else {
            extents.push_back(read_extent(item.key(), item.value()));
        }
    }
    check_extents(extents, data.size());
    for (Extent& extent : extents) {
        const auto size = static_cast<std::size_t>(extent.end - extent.begin);
        file.tensors.emplace(std::move(extent.name),
                             TensorView{std::move(extent.shape),
                                        data.substr(static_cast<std::size_t>(extent.begin), size)});
    }
    return file;
}

std::vector<float> to_floats(const TensorView& tensor) {
    std::vector<float> values(tensor.data.size() / sizeof(float));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const char* bytes = tensor.data.data() + i * sizeof(float);
        values[i] =
            float_from_bits(static_cast<std::uint32_t>(read_little_endian(bytes, sizeof(float))));
    }
    return values;
}

}  // namespace pysnn::detail
