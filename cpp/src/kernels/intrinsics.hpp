#pragma once

// The compiler's intrinsics, or a portable imitation of them: with PYSNN_EMULATE_AVX512, kernels
// of instruction sets that this machine lacks can be tested, slowly.

#ifdef PYSNN_EMULATE_AVX512
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>
#include <simde/x86/fma.h>
#else
#include <immintrin.h>
#endif
