// The loops of the ceilings for AVX-512.
#include "ceiling_kernels.hpp"
#include "platform/targets.hpp"

#ifdef PYSNN_X86
#include <immintrin.h>
#define PYSNN_REGISTER "v"

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 takes the undefined operand of its own intrinsics for a mistake of ours.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

PYSNN_BEGIN_TARGET("avx512f,avx512bw,avx512dq,avx512vl")
namespace pysnn::benchmarks::avx512 {

constexpr int kVectorBytes = 64;
typedef std::uint64_t Words __attribute__((vector_size(kVectorBytes)));

static inline Words multiply_low(Words a, Words b) {
    return reinterpret_cast<Words>(
        _mm512_mul_epu32(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
}

#include "ceiling_kernels.inl"

}  // namespace pysnn::benchmarks::avx512
PYSNN_END_TARGET

namespace pysnn::benchmarks {
const CeilingKernels kAvx512Ceilings = avx512::kKernels;
}  // namespace pysnn::benchmarks
#else
namespace pysnn::benchmarks {
const CeilingKernels kAvx512Ceilings = {};
}  // namespace pysnn::benchmarks
#endif
