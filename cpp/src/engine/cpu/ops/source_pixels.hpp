// The spikes of the source pixels under a window.
#pragma once

#include <cstdint>

#include "base/aligned_buffer.hpp"
#include "base/array.hpp"
#include "base/layout.hpp"
#include "nodes/window.hpp"

namespace pysnn::detail {

/// Where the spikes of one source pixel stand, by step.
struct PixelBits {
    const std::uint64_t* words = nullptr;
    int shift = 0;
    std::int32_t tap = 0;  // of the window
};

/// Which bits of a window's pixels to read.
struct WindowPlace {
    std::int64_t y = 0;  // of the window
    std::int64_t x = 0;
    std::int64_t channel = 0;  // of the source, the first of up to 64; may lie before its first one
    bool is_negative = false;  // the bits of negative spikes
};

/// Reads windows of a source: pixels inside of the image, row by row. Bits beyond the source's
/// channels may be those of others.
class SourcePixels {
  public:
    /// Memory for windows of both signs.
    void reserve(const Layout& source, const Window& window);

    /// Begins to read a chunk.
    void begin(const Layout& source, const std::uint64_t* words, const Window& window,
               std::int64_t num_steps);

    void clear() { pixels_.clear(); }
    void add(const WindowPlace& place);

    /// All that was added since clear().
    const Array<PixelBits>& pixels() const { return pixels_; }

  private:
    PixelBits pixel(std::int64_t y, std::int64_t bit, std::int64_t num_bits);

    const Layout* source_ = nullptr;
    const std::uint64_t* words_ = nullptr;
    Window window_;
    std::int64_t num_steps_ = 0;
    Array<PixelBits> pixels_;
    AlignedBuffer<std::uint64_t> straddling_;  // (pixel, step): copies of bits from two words
};

}  // namespace pysnn::detail
