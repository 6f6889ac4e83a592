#include "base/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <fstream>
#include <mutex>
#include <pysnn/system.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#ifdef _OPENMP
#include <omp.h>
#endif
#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#define PYSNN_HAS_FORK 1
#endif

namespace pysnn {
namespace {

#ifdef PYSNN_HAS_FORK
const pid_t kLoadingProcess = getpid();
bool is_forked_child() { return getpid() != kLoadingProcess; }
#else
bool is_forked_child() { return false; }
#endif

#ifdef _OPENMP
// Processors that the control group's quota pays for, rounded up; 0 = no quota known.
int quota_of_container() {
    std::ifstream file("/sys/fs/cgroup/cpu.max");
    std::string quota;
    double period = 0.0;
    if (!(file >> quota >> period) || quota == "max" || period <= 0.0) {
        return 0;
    }
    try {
        return std::max(1, static_cast<int>(std::stod(quota) / period + 0.999));
    } catch (const std::exception&) {
        return 0;
    }
}
#endif

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

int default_num_threads() {
#ifdef _OPENMP
    static const int quota = quota_of_container();
    const int threads = omp_get_max_threads();
    return quota > 0 ? std::min(threads, quota) : threads;
#else
    return 1;
#endif
}

bool has_openmp() noexcept {
#ifdef _OPENMP
    return true;
#else
    return false;
#endif
}

namespace detail {

int resolve_num_threads(int num_threads) {
    if (num_threads < 0) {
        throw std::invalid_argument("num_threads is " + std::to_string(num_threads) +
                                    ", expected at least 1, or 0 for the default");
    }
    return num_threads == 0 ? default_num_threads() : num_threads;
}

void parallel_for(std::int64_t num_items, int num_threads, const std::function<void()>& poll,
                  const Body& body) {
    if (num_threads <= 1 || num_items <= 1 || !has_openmp()) {
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
