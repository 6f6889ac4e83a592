// Reads the IDX files of MNIST.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <stdexcept>
#include <string>
#include <vector>

/// Bytes of an IDX file, the format of MNIST: a batch of images, or a label for each.
struct IdxFile {
    std::vector<std::int64_t> shape;   // (num_items, ...)
    std::vector<std::uint8_t> values;  // row-major

    std::int64_t num_items() const { return shape.front(); }
};

/// Reads an IDX file of unsigned bytes, unpacked.
///
/// Throws:
///     std::runtime_error: it can't be read, or is no such file.
inline IdxFile read_idx(const std::filesystem::path& path) {
    const auto fail = [&](const std::string& what) {
        throw std::runtime_error(path.string() + " " + what);
    };
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        fail("can't be opened");
    }
    unsigned char magic[4] = {};
    file.read(reinterpret_cast<char*>(magic), 4);
    if (magic[0] == 0x1f && magic[1] == 0x8b) {
        fail("is compressed, unpack it with: gunzip --keep FILE.gz");
    }
    constexpr unsigned char kUnsignedByte = 8;
    if (!file || magic[0] != 0 || magic[1] != 0 || magic[2] != kUnsignedByte || magic[3] == 0) {
        fail("is not an IDX file of bytes");
    }
    IdxFile idx;
    // Each size is checked against the file's before it is used.
    std::int64_t left = static_cast<std::int64_t>(std::filesystem::file_size(path)) - 4;
    left -= 4 * std::int64_t{magic[3]};
    std::int64_t num_values = 1;
    for (int axis = 0; axis < magic[3]; ++axis) {
        unsigned char size[4] = {};
        file.read(reinterpret_cast<char*>(size), 4);
        idx.shape.push_back((std::int64_t{size[0]} << 24) | (std::int64_t{size[1]} << 16) |
                            (std::int64_t{size[2]} << 8) | std::int64_t{size[3]});
        if (idx.shape.back() == 0 || num_values > left / idx.shape.back()) {
            fail("is empty or cut short");
        }
        num_values *= idx.shape.back();
    }
    if (num_values != left) {
        fail("has more bytes than its header says");
    }
    idx.values.resize(static_cast<std::size_t>(num_values));
    file.read(reinterpret_cast<char*>(idx.values.data()), num_values);
    if (!file) {
        fail("can't be read");
    }
    return idx;
}

/// Bytes as intensities in [0, 1].
inline std::vector<float> intensities(const IdxFile& images) {
    std::vector<float> x;
    x.reserve(images.values.size());
    for (const std::uint8_t value : images.values) {
        x.push_back(static_cast<float>(value) / 255.0F);
    }
    return x;
}
