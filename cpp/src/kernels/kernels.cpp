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
#endif

const Kernels& kernels() {
#ifdef PYSNN_X86
    switch (selected_cpu_target()) {
        case CpuTarget::Avx512:
            return avx512::kKernels;
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
