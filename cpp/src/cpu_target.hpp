#pragma once

namespace pysnn::detail {

enum class CpuTarget { Baseline, Avx2, Avx512 };

/// The instruction set whose kernels run, chosen at the first call; see pysnn::cpu_target().
CpuTarget selected_cpu_target();

}  // namespace pysnn::detail
