// A case of the kernel benchmark: what runs, and how much work it is.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace pysnn::benchmarks {

/// Steps of a chunk in every case; no kernel takes more than 128.
inline constexpr std::int64_t kNumSteps = 100;

/// One kernel on one kind of work.
struct KernelCase {
    std::string kernel;   // such as "gather float32"
    std::string setting;  // row of the kernel's table
    std::string variant;  // column of it
    std::string unit;     // of work: "additions", "events", "words"
    double work = 0.0;    // of one run; 0 where there is nothing but fixed cost
    double steps = 1.0;   // of one run; 1 where a kernel knows no steps
    std::function<void(std::int64_t repeats)> run;
    std::function<void()> check;  // compares a run with a plain loop; throws std::runtime_error
};

/// A cache, and how many bytes of weights stand for it.
struct SlabSize {
    std::string name;  // "L1", "L2", "neither"
    std::int64_t bytes = 0;
};

/// Half of the first cache, half of the second, and four times the second.
std::vector<SlabSize> slab_sizes();

void add_gather_cases(std::vector<KernelCase>& cases);
void add_window_cases(std::vector<KernelCase>& cases);  // table, pool, spread_words
void add_list_cases(std::vector<KernelCase>& cases);
void add_poisson_cases(std::vector<KernelCase>& cases);

/// Throws:
///     std::runtime_error: the two differ (names `what`).
template <typename T>
void demand_equal(T found, T expected, const std::string& what) {
    if (!(found == expected)) {
        throw std::runtime_error(what + " is " + std::to_string(found) + ", expected " +
                                 std::to_string(expected));
    }
}

}  // namespace pysnn::benchmarks
