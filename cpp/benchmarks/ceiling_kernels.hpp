// The loops of the ceilings, one set for each instruction set.
#pragma once

#include <cstdint>

namespace pysnn::benchmarks {

/// Loops that do nothing but what bounds a simulation, for one instruction set. Sums stay in
/// registers, and every function returns something that depends on all of its work.
struct CeilingKernels {
    std::int64_t adds_per_turn;  // float32 additions of one turn of float_registers
    std::int64_t words_per_turn;
    /// Adds 1 to all lanes of a set of registers, `turns` times; returns the sum of the lanes.
    double (*float_registers)(std::int64_t turns);
    /// The same with twice as many int16 lanes, which wrap around.
    std::int64_t (*int16_registers)(std::int64_t turns);
    /// Adds up an array `repeats` times; `bytes` is a multiple of kBlockBytes.
    double (*float_stream)(const void* data, std::int64_t bytes, std::int64_t repeats);
    std::int64_t (*int16_stream)(const void* data, std::int64_t bytes, std::int64_t repeats);
    /// Loads an array `repeats` times and drops it.
    void (*load_stream)(const void* data, std::int64_t bytes, std::int64_t repeats);
    /// Adds up the listed rows of kRowBytes of a slab, as an event list does, `repeats` times.
    double (*float_rows)(const void* slab, const std::int32_t* rows, std::int64_t num_rows,
                         std::int64_t repeats);
    std::int64_t (*int16_rows)(const void* slab, const std::int32_t* rows, std::int64_t num_rows,
                               std::int64_t repeats);
    /// Draws words_per_turn words of Philox4x32-10 per turn, for the key `seed` and
    /// counters (lane, turn, low half of seed, high half); returns their exclusive or.
    std::uint32_t (*philox)(std::uint64_t seed, std::int64_t turns);
};

constexpr std::int64_t kBlockBytes = 1024;  // every vector width divides it
constexpr std::int64_t kRowBytes = 256;     // 64 float32 or 128 int16

extern const CeilingKernels kBaselineCeilings;
extern const CeilingKernels kAvx2Ceilings;
extern const CeilingKernels kAvx512Ceilings;

}  // namespace pysnn::benchmarks
