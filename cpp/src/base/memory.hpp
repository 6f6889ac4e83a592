// What a result would take, before it is allocated.
#pragma once

#include <cstdint>
#include <new>
#include <string>

namespace pysnn::detail {

/// A result that would not fit in memory.
class OutOfMemory : public std::bad_alloc {
  public:
    explicit OutOfMemory(std::string message) : message_(std::move(message)) {}
    const char* what() const noexcept override { return message_.c_str(); }

  private:
    std::string message_;
};

/// Sum of array sizes, safe against overflow.
class MemoryEstimate {
  public:
    /// Adds an array of the product of `sizes` elements of `element_size` bytes; a product beyond
    /// 64 bits counts as infinitely large.
    void add(std::initializer_list<std::int64_t> sizes, std::int64_t element_size);

    /// Throws OutOfMemory, saying how much `what` needs, where it is more than the machine has.
    void check(const char* what) const;

  private:
    double bytes_ = 0.0;
};

}  // namespace pysnn::detail
