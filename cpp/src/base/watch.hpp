// Progress and cancellation between workers and the caller.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <pysnn/error.hpp>

namespace pysnn::detail {

/// Progress of a parallel computation, and the wish to end it, between the workers and the caller's
/// callbacks.
class Watch {
  public:
    Watch(const std::function<void(double)>& progress, const std::function<bool()>& should_stop,
          double total_work)
        : progress_(progress),
          should_stop_(should_stop),
          total_work_(total_work > 0.0 ? total_work : 1.0) {}

    /// From any worker.
    void add(std::int64_t work) { done_.fetch_add(work, std::memory_order_relaxed); }
    bool stopped() const { return stopped_.load(std::memory_order_relaxed); }

    /// From the calling thread only: calls the callbacks if the last time is a while ago. Keeps
    /// what they throw.
    void poll() noexcept {
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ < std::chrono::milliseconds(50) || stopped()) {
            return;
        }
        last_ = now;
        try {
            if (progress_) {
                progress_(static_cast<double>(done_.load(std::memory_order_relaxed)) / total_work_);
            }
            if (should_stop_ && should_stop_()) {
                stopped_.store(true, std::memory_order_relaxed);
            }
        } catch (...) {
            exception_ = std::current_exception();
            stopped_.store(true, std::memory_order_relaxed);
        }
    }

    /// At the end: throws what a callback threw, or Interrupted, or reports the whole.
    void finish() {
        if (exception_) {
            std::rethrow_exception(exception_);
        }
        if (stopped()) {
            throw Interrupted();
        }
        if (progress_) {
            progress_(1.0);
        }
    }

  private:
    const std::function<void(double)>& progress_;
    const std::function<bool()>& should_stop_;
    double total_work_;
    std::atomic<std::int64_t> done_{0};
    std::atomic<bool> stopped_{false};
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
    std::exception_ptr exception_;
};

}  // namespace pysnn::detail
