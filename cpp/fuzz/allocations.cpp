// Counts the bytes that the program allocates.
#include "allocations.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

// The header that declares it is not installed with every compiler that has the runtime.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*malloc_hook)(const volatile void*,
                                                                             std::size_t),
                                                         void (*free_hook)(const volatile void*));

namespace {

struct Count {
    bool active = false;
    std::size_t total = 0;
    std::size_t largest = 0;
};
thread_local Count count;

void on_malloc(const volatile void*, std::size_t size) {
    if (count.active) {
        count.total += size;
        count.largest = std::max(count.largest, size);
    }
}

void on_free(const volatile void*) {}

bool install_hooks() {
    if (__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free) == 0) {
        std::fputs("allocations can't be counted: the sanitizer takes no more hooks\n", stderr);
        std::abort();
    }
    return true;
}

}  // namespace

AllocationCount::AllocationCount() {
    static const bool installed = install_hooks();
    count = Count{installed, 0, 0};
}

AllocationCount::~AllocationCount() { count.active = false; }

std::size_t AllocationCount::total() const noexcept { return count.total; }

std::size_t AllocationCount::largest() const noexcept { return count.largest; }
