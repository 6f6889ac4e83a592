// The loops of the ceilings for every CPU of an architecture; those of NEON are its own.
#include "ceiling_kernels.hpp"
#include "platform/targets.hpp"

#ifdef PYSNN_X86
#include <emmintrin.h>
#define PYSNN_REGISTER "x"
#elif defined(__aarch64__)
#include <arm_neon.h>
#define PYSNN_REGISTER "w"
#else
// Without a name for its vector registers, sums go through memory and ceilings come out too low.
#define PYSNN_REGISTER "m"
#endif

namespace pysnn::benchmarks {
namespace baseline {

constexpr int kVectorBytes = 16;
typedef std::uint64_t Words __attribute__((vector_size(kVectorBytes)));

static inline Words multiply_low(Words a, Words b) {
#ifdef PYSNN_X86
    return reinterpret_cast<Words>(
        _mm_mul_epu32(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
#elif defined(__aarch64__)
    return reinterpret_cast<Words>(vmull_u32(vmovn_u64(reinterpret_cast<uint64x2_t>(a)),
                                             vmovn_u64(reinterpret_cast<uint64x2_t>(b))));
#else
    return (a & 0xFFFFFFFFU) * (b & 0xFFFFFFFFU);
#endif
}

#include "ceiling_kernels.inl"

}  // namespace baseline

const CeilingKernels kBaselineCeilings = baseline::kKernels;

}  // namespace pysnn::benchmarks
