// Which instruction set of those compiled in runs here.
#pragma once

namespace pysnn::detail {

enum class CpuTarget { Baseline, Avx2, Avx512, Neon };

/// The instruction set whose kernels run, chosen at the first call; see pysnn::cpu_target().
CpuTarget selected_cpu_target();

/// Whether the CPU has AVX-512 VBMI2 and VPOPCNTDQ as well, which list and count bits faster.
bool has_vbmi2();

}  // namespace pysnn::detail
