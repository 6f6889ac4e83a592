// The floating-point mode that the core computes in, whatever its caller's is.
#pragma once

#include <cstdint>

namespace pysnn::detail {

/// Honours denormal numbers, rounds to nearest and masks exceptions on this thread while it lives,
/// and then gives the mode of before back.
///
/// Results are the same bits on every machine; a caller that flushes denormal numbers to zero, as
/// many a library sets it for its threads, must not change them. Knows x86 with SSE and 64-bit ARM;
/// does nothing elsewhere.
class FloatMode {
  public:
    FloatMode() noexcept;
    ~FloatMode();
    FloatMode(const FloatMode&) = delete;
    FloatMode& operator=(const FloatMode&) = delete;

  private:
    std::uint64_t before_;
};

}  // namespace pysnn::detail
