// Items of work shared among threads.
#pragma once

#include <cstdint>
#include <functional>

namespace pysnn::detail {

/// Who runs an item of parallel_for().
struct Worker {
    int index = 0;           // 0 .. number of workers - 1
    bool is_caller = false;  // runs on the thread that called parallel_for()
};

/// Number of threads that a call with this argument uses; 0 means default_num_threads().
///
/// Throws:
///     std::invalid_argument: num_threads is negative, or above both 64 and four times the
///     processors that the machine has.
int resolve_num_threads(int num_threads);

/// Runs `body` for every item in [0, num_items), shared among threads as they become free.
///
/// Stays on the calling thread where one thread or one item is all there is. Nothing that `body`
/// throws crosses an OpenMP region: the first exception is kept, remaining items are skipped, and
/// it is thrown again on the calling thread. Every item runs in FloatMode. `poll` is called now and
/// then on the calling thread where that thread runs no item itself (after a fork); it must not
/// throw.
///
/// Args:
///     num_threads: as resolve_num_threads() gives it.
void parallel_for(std::int64_t num_items, int num_threads, const std::function<void()>& poll,
                  const std::function<void(std::int64_t item, Worker worker)>& body);

}  // namespace pysnn::detail
