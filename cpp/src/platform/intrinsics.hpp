// The compiler's intrinsics, or an imitation of them: with PYSNN_EMULATE_AVX512, kernels of an
// instruction set that this machine lacks can be tested, slowly.
#pragma once

#ifdef PYSNN_EMULATE_AVX512
#include "emulated_avx512.hpp"
// The real instructions must not be asked for.
#undef PYSNN_BEGIN_TARGET
#undef PYSNN_END_TARGET
#define PYSNN_BEGIN_TARGET(features)
#define PYSNN_END_TARGET
#else
#include <immintrin.h>
#endif
