// A model file taken apart and put together without the core.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// A model file in its two parts, written here once more so that the core is not its own judge.
struct ModelBytes {
    std::string header;
    std::string data;
};

inline constexpr std::size_t kLengthSize = 8;

/// False where the length of the header does not fit the file.
inline bool take_apart(std::string_view file, ModelBytes& parts) {
    if (file.size() < kLengthSize) {
        return false;
    }
    std::size_t length = 0;
    for (std::size_t i = kLengthSize; i-- > 0;) {
        length = length << 8 | static_cast<unsigned char>(file[i]);
    }
    if (length > file.size() - kLengthSize) {
        return false;
    }
    parts.header = file.substr(kLengthSize, length);
    parts.data = file.substr(kLengthSize + length);
    return true;
}

inline std::string put_together(const ModelBytes& parts) {
    std::string file;
    for (std::size_t i = 0; i < kLengthSize; ++i) {
        file.push_back(static_cast<char>(parts.header.size() >> (8 * i) & 0xFF));
    }
    return file + parts.header + parts.data;
}
