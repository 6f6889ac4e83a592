// Picks the kernels of the selected instruction set.

#include "kernels.hpp"

#include <atomic>

#include "platform/cpu_target.hpp"
#include "platform/targets.hpp"

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
#ifdef PYSNN_NEON
namespace neon {
extern const Kernels kKernels;
}
#endif

namespace {

#ifdef PYSNN_X86

Kernels with_words(Kernels kernels, const WordKernels& words) {
    kernels.words = words;
    return kernels;
}

const Kernels kAvx512WithVbmi2 = with_words(avx512::kKernels, avx512_vbmi2::kWords);

#endif

const Kernels& selected_kernels() {
    switch (selected_cpu_target()) {
#ifdef PYSNN_X86
        case CpuTarget::Avx512:
            return has_vbmi2() ? kAvx512WithVbmi2 : avx512::kKernels;
        case CpuTarget::Avx2:
            return avx2::kKernels;
#endif
#ifdef PYSNN_NEON
        case CpuTarget::Neon:
            return neon::kKernels;
#endif
        default:
            return baseline::kKernels;
    }
}

}  // namespace

const Kernels& kernels() {
    // Not a local static of the result: its guard, held by a thread that a fork() leaves behind,
    // would stop the child.
    static std::atomic<const Kernels*> chosen{nullptr};
    const Kernels* kernels = chosen.load(std::memory_order_acquire);
    if (kernels == nullptr) {
        kernels = &selected_kernels();
        chosen.store(kernels, std::memory_order_release);
    }
    return *kernels;
}

}  // namespace pysnn::detail
