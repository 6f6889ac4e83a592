// The lock of MadeOnce.

#include "platform/made_once.hpp"

#include <chrono>
#include <thread>

#include "platform/process.hpp"

namespace pysnn::detail {

MadeOnce::Lock::Lock(std::atomic<std::int64_t>& maker) : maker_(maker) {
    const std::int64_t self = process_id();
    for (;;) {
        std::int64_t holder = kNobody;
        if (maker_.compare_exchange_strong(holder, self, std::memory_order_acquire)) {
            return;
        }
        // Another process's thread: one that this process does not have.
        if (holder != self &&
            maker_.compare_exchange_strong(holder, self, std::memory_order_acquire)) {
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

}  // namespace pysnn::detail
