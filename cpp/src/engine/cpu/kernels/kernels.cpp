// Picks the kernels of the selected instruction set.

#include "kernels.hpp"

#include "base/cpu_target.hpp"
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

namespace {

Kernels selected_kernels() {
#ifdef PYSNN_X86
    switch (selected_cpu_target()) {
        case CpuTarget::Avx512: {
            Kernels kernels = avx512::kKernels;
            if (has_vbmi2()) {
                kernels.words = avx512_vbmi2::kWords;
            }
            return kernels;
        }
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

}  // namespace

const Kernels& kernels() {
    static const Kernels selected = selected_kernels();
    return selected;
}

}  // namespace pysnn::detail
