// Reads a file as a whole.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

/// All bytes of a file.
inline std::string read_bytes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw std::runtime_error(path + " can't be read");
    }
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
