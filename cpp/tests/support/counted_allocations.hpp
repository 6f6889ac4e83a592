// The number of allocations so far.
#pragma once

#include <cstdint>

/// Calls of operator new in this program so far, by all threads. A program that is linked with
/// counted_allocations.cpp has all of them counted, those of the library included.
std::int64_t num_allocations() noexcept;
