// Clocks and medians.
#include "timing.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

namespace pysnn::benchmarks {
namespace {

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

// Passed once by every thread; waiting threads stay awake, so that all leave together.
class Barrier {
  public:
    explicit Barrier(int num_threads) : missing_(num_threads) {}
    void arrive() {
        missing_.fetch_sub(1, std::memory_order_acq_rel);
        while (missing_.load(std::memory_order_acquire) > 0) {
            // Without this, waiting threads would take the core of one that has none yet.
            std::this_thread::yield();
        }
    }

  private:
    std::atomic<int> missing_;
};

}  // namespace

double timed(int num_threads, const std::function<void(int)>& work) {
    Barrier ready(num_threads);
    Barrier done(num_threads);
    std::vector<std::thread> threads;
    for (int thread = 1; thread < num_threads; ++thread) {
        threads.emplace_back([&, thread] {
            ready.arrive();
            work(thread);
            done.arrive();
        });
    }
    ready.arrive();
    const double start = now();
    work(0);
    done.arrive();
    const double seconds = now() - start;
    for (std::thread& thread : threads) {
        thread.join();
    }
    return seconds;
}

std::int64_t repeats_for(double seconds, const std::function<void(std::int64_t)>& work) {
    std::int64_t repeats = 1;
    for (;;) {
        const double taken = timed(1, [&](int) { work(repeats); });
        // Shorter runs tell too little, since the clock and the caches' warming up weigh in them.
        if (taken > 0.2 * seconds) {
            const double scaled = static_cast<double>(repeats) * seconds / taken;
            return std::max<std::int64_t>(1, static_cast<std::int64_t>(scaled));
        }
        repeats *= 4;
    }
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace pysnn::benchmarks
