// Counts the bytes that the program allocates.
#pragma once

#include <cstddef>

/// Bytes that this thread has asked the heap for since the object was made, freed ones included.
///
/// Counted by the hooks of AddressSanitizer's runtime, so that its own `operator new` keeps
/// checking what it checks. One object at a time.
class AllocationCount {
  public:
    AllocationCount();
    AllocationCount(const AllocationCount&) = delete;
    AllocationCount& operator=(const AllocationCount&) = delete;
    ~AllocationCount();

    std::size_t total() const noexcept;
    std::size_t largest() const noexcept;  // one allocation
};
