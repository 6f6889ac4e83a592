#include "kernels.hpp"

#include "../cpu_target.hpp"
#include "targets.hpp"

namespace pysnn::detail {

namespace baseline {
extern const Kernels kKernels;
}
#ifdef PYSNN_X86
namespace avx2 {
extern const Kernels kKernels;
}
namespace avx512 {
extern const Kernels kKernels;
}
namespace avx512_vbmi2 {
extern const WordKernels kWords;
}
#endif

#ifdef PYSNN_X86
namespace {

const Kernels& with_vbmi2_words() {
    static const Kernels combined = [] {
        Kernels kernels = avx512::kKernels;
        kernels.words = avx512_vbmi2::kWords;
        return kernels;
    }();
    return combined;
}

}  // namespace
#endif

const Kernels& kernels() {
#ifdef PYSNN_X86
    switch (selected_cpu_target()) {
        case CpuTarget::Avx512:
            return has_vbmi2() ? with_vbmi2_words() : avx512::kKernels;
        case CpuTarget::Avx2:
            return avx2::kKernels;
        default:
            break;
    }
#else
    selected_cpu_target();
#endif
    return baseline::kKernels;
}

}  // namespace pysnn::detail
