// How benchmarks take the time.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace pysnn::benchmarks {

/// Runs `work(thread)` on all threads at once and returns the seconds from the start of the first
/// to the end of the last; threads are made before the clock starts.
double timed(int num_threads, const std::function<void(int thread)>& work);

/// How often `work(repeats)` must repeat to take about `seconds`.
std::int64_t repeats_for(double seconds, const std::function<void(std::int64_t repeats)>& work);

double median(std::vector<double> values);

}  // namespace pysnn::benchmarks
