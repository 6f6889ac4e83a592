// Sizes and divisors of pools, as PyTorch has them.
#pragma once

#include <array>
#include <cstdint>
#include <pysnn/node.hpp>

#include "nodes/window.hpp"

namespace pysnn::detail {

/// The settings that average and max pools share.
struct Pooling {
    Window window;
    bool ceil_mode = false;
};

/// Throws std::invalid_argument, with `kind` at the beginning of the message, where a setting is
/// out of its range.
void check_pooling(const Pooling& pooling, const char* kind);

/// Shape that a pool with checked settings makes of an image. Every window has a tap inside of it.
///
/// Throws:
///     std::invalid_argument: a window does not fit, or sees nothing but padding.
Shape pooled_shape(const Pooling& pooling, const Shape& input, const char* kind);

/// What one window of an average pool does.
struct MeanWindow {
    std::int64_t num_taps = 0;  // inside of the image
    std::int64_t divisor = 1;
};

/// Windows of an average pool over an image, row-major, with PyTorch's divisors: padding counts if
/// it shall, what ceil_mode adds behind it never does.
class MeanWindows {
  public:
    /// Args:
    ///     output: pooled_shape().
    MeanWindows(const Window& window, const Shape& input, const Shape& output,
                bool count_include_pad);

    MeanWindow at(std::int64_t position) const;
    std::int64_t size() const;

    /// Whether all have one divisor.
    bool have_one_divisor() const;

    /// Of all windows.
    std::int64_t most_taps() const;

  private:
    struct Along {
        WindowAxis axis;
        std::int64_t input_size;
        std::int64_t num_windows;
        bool count_include_pad;

        MeanWindow at(std::int64_t target) const;
        bool have_one_divisor() const;
    };

    std::array<Along, 2> axes_;  // y and x
};

}  // namespace pysnn::detail
