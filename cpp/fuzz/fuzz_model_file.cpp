// The target of libFuzzer: one input read under watch.
#include <cstddef>
#include <cstdint>

#include "watched_read.hpp"

/// What libFuzzer calls with one input after the other.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_watched({reinterpret_cast<const char*>(data), size});
    return 0;
}
