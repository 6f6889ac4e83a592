// A ceiling: a loop that does one thing as fast as the machine can.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ceiling_kernels.hpp"

namespace pysnn::benchmarks {

struct Ceiling {
    std::string key;   // for programs, such as "float32_add_l1"
    std::string name;  // for people
    std::string unit;  // of one unit of work a second, after a G for 10^9
    double work;       // of one repeat on one thread
    std::function<void(int thread, std::int64_t repeats)> run;
};

/// Everything that is measured, over arrays that the list owns, one per thread.
std::vector<Ceiling> ceilings(const CeilingKernels& kernels, int num_threads);

}  // namespace pysnn::benchmarks
