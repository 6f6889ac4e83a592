// Reads bytes as a model file and holds the reader to its promises.
#pragma once

#include <cstddef>
#include <string_view>

/// What became of the bytes of a model file.
struct Reading {
    bool accepted = false;
    std::size_t allocated = 0;  // bytes, in all allocations together
};

/// Reads the bytes of a model file, and aborts the program where the reader breaks a promise.
///
/// The promises: nothing but a ModelFileError is thrown, with a message; allocations, freed ones
/// included, stay within allocation_limit(); and what was read can be written and read
/// again, with the same bytes each time.
Reading read_watched(std::string_view bytes);

/// Bytes that reading a file of `size` bytes may allocate in all.
std::size_t allocation_limit(std::size_t size);
