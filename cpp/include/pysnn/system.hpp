// The library and the machine that it runs on.
#pragma once

#include <cstdint>
#include <pysnn/export.hpp>
#include <string>

namespace pysnn {

/// Threads that a call uses unless told otherwise: what OpenMP would use now, at most the
/// processors that the container's quota pays for; 1 in a build without OpenMP.
PYSNN_API int default_num_threads();

/// True where the library was built with OpenMP.
PYSNN_API bool has_openmp() noexcept;

/// Bytes of memory that the machine, or the container, has in all; 0 where that is not known.
PYSNN_API std::int64_t total_memory();

/// The instruction set whose kernels run: "baseline", "avx2", "avx512" or "neon". Chosen once, by
/// what the CPU has or by the environment variable PYSNN_CPU.
///
/// Throws:
///     std::invalid_argument: PYSNN_CPU names no instruction set, or one that this CPU does not
///     have.
PYSNN_API std::string cpu_target();

/// Version of this library, "major.minor.patch".
PYSNN_API const char* version() noexcept;

/// Changes whenever the same seed would give other spikes.
inline constexpr int kStreamVersion = 1;

}  // namespace pysnn
