// Picks the forward pass's kernels for the selected instruction set.

#include "forward/kernels/kernels.hpp"

#include "platform/cpu_target.hpp"
#include "platform/targets.hpp"

namespace pysnn::detail {

namespace forward_baseline {
extern const ForwardKernels kKernels;
}
#ifdef PYSNN_X86
namespace forward_avx2 {
extern const ForwardKernels kKernels;
}
namespace forward_avx512 {
extern const ForwardKernels kKernels;
}
#endif
#ifdef PYSNN_NEON
namespace forward_neon {
extern const ForwardKernels kKernels;
}
#endif

const ForwardKernels& forward_kernels() {
    switch (selected_cpu_target()) {
#ifdef PYSNN_X86
        case CpuTarget::Avx512:
            return forward_avx512::kKernels;
        case CpuTarget::Avx2:
            return forward_avx2::kKernels;
#endif
#ifdef PYSNN_NEON
        case CpuTarget::Neon:
            return forward_neon::kKernels;
#endif
        default:
            return forward_baseline::kKernels;
    }
}

}  // namespace pysnn::detail
