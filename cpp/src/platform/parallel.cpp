// Items of work shared among threads, in a child of fork() too.

#include "platform/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <pysnn/system.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "platform/float_mode.hpp"
#include "platform/process.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace pysnn {
namespace {

class FirstException {
  public:
    void keep() noexcept {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!exception_) {
            exception_ = std::current_exception();
        }
        raised_.store(true, std::memory_order_relaxed);
    }
    bool raised() const noexcept { return raised_.load(std::memory_order_relaxed); }
    void rethrow() const {
        if (exception_) {
            std::rethrow_exception(exception_);
        }
    }

  private:
    std::mutex mutex_;
    std::atomic<bool> raised_{false};
    std::exception_ptr exception_;
};

using Body = std::function<void(std::int64_t, detail::Worker)>;

void run_region(std::int64_t num_items, int num_threads, bool has_caller, const Body& body,
                FirstException& error) {
#ifdef _OPENMP
#pragma omp parallel for schedule(dynamic, 1) num_threads(num_threads)
    for (std::int64_t item = 0; item < num_items; ++item) {
        if (!error.raised()) {
            try {
                const detail::FloatMode mode;
                const int index = omp_get_thread_num();
                body(item, detail::Worker{index, has_caller && index == 0});
            } catch (...) {
                error.keep();
            }
        }
    }
#else
    (void)num_threads;
    for (std::int64_t item = 0; item < num_items && !error.raised(); ++item) {
        try {
            body(item, detail::Worker{0, has_caller});
        } catch (...) {
            error.keep();
        }
    }
#endif
}

// GNU's OpenMP library waits for ever in a child of fork() for threads that only the parent has. A
// thread born in the child has no such memory.
void run_region_on_fresh_thread(std::int64_t num_items, int num_threads,
                                const std::function<void()>& poll, const Body& body,
                                FirstException& error) {
    std::mutex mutex;
    std::condition_variable finished;
    bool done = false;
    std::thread thread([&] {
        run_region(num_items, num_threads, false, body, error);
        const std::lock_guard<std::mutex> lock(mutex);
        done = true;
        finished.notify_one();
    });
    {
        std::unique_lock<std::mutex> lock(mutex);
        while (!finished.wait_for(lock, std::chrono::milliseconds(50), [&] { return done; })) {
            lock.unlock();
            poll();
            lock.lock();
        }
    }
    thread.join();
}

}  // namespace

namespace detail {
namespace {

constexpr int kAlwaysAllowed = 64;

// More would only take memory, and where that ends OpenMP ends the process.
int max_num_threads() {
    return std::max(kAlwaysAllowed, 4 * static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

int resolve_num_threads(int num_threads) {
    if (num_threads < 0) {
        throw std::invalid_argument("num_threads is " + std::to_string(num_threads) +
                                    ", expected at least 1, or 0 for the default");
    }
    const int resolved = num_threads == 0 ? default_num_threads() : num_threads;
    // Asks the system only where the answer could matter.
    if (resolved > kAlwaysAllowed && resolved > max_num_threads()) {
        throw std::invalid_argument(
            "num_threads is " + std::to_string(num_threads) +
            (num_threads == 0 ? ", for which OpenMP has " + std::to_string(resolved) : "") +
            ", expected at most " + std::to_string(max_num_threads()) + " on this machine");
    }
    return resolved;
}

void parallel_for(std::int64_t num_items, int num_threads, const std::function<void()>& poll,
                  const Body& body) {
    if (num_threads <= 1 || num_items <= 1 || !has_openmp()) {
        const FloatMode mode;
        for (std::int64_t item = 0; item < num_items; ++item) {
            body(item, Worker{0, true});
        }
        return;
    }
    const int team = static_cast<int>(std::min<std::int64_t>(num_threads, num_items));
    FirstException error;
    if (is_forked_child()) {
        run_region_on_fresh_thread(num_items, team, poll, body, error);
    } else {
        run_region(num_items, team, true, body, error);
    }
    error.rethrow();
}

}  // namespace detail
}  // namespace pysnn
