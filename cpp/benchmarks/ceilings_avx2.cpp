// The loops of the ceilings for AVX2.
#include "ceiling_kernels.hpp"
#include "platform/targets.hpp"

#ifdef PYSNN_X86
#include <immintrin.h>
#define PYSNN_REGISTER "x"

PYSNN_BEGIN_TARGET("avx2")
namespace pysnn::benchmarks::avx2 {

constexpr int kVectorBytes = 32;
typedef std::uint64_t Words __attribute__((vector_size(kVectorBytes)));

static inline Words multiply_low(Words a, Words b) {
    return reinterpret_cast<Words>(
        _mm256_mul_epu32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
}

#include "ceiling_kernels.inl"

}  // namespace pysnn::benchmarks::avx2
PYSNN_END_TARGET

namespace pysnn::benchmarks {
const CeilingKernels kAvx2Ceilings = avx2::kKernels;
}  // namespace pysnn::benchmarks
#else
namespace pysnn::benchmarks {
const CeilingKernels kAvx2Ceilings = {};
}  // namespace pysnn::benchmarks
#endif
