// Opens and closes a region whose functions are compiled for a newer instruction set than the rest
// of the library. Nothing but our own kernels may stand inside: a standard header's inline function
// compiled there could replace the portable one at link time.
#pragma once

#if defined(__x86_64__) || defined(_M_X64)
#define PYSNN_X86 1
#endif
// Bits of bytes are numbered as in a little-endian word.
#if defined(_M_ARM64) || (defined(__aarch64__) && defined(__ARM_NEON) && !defined(__AARCH64EB__))
#define PYSNN_NEON 1
#endif

// PYSNN_NOINLINE is for loops that need all registers: inside of a caller they would share them
// with what it keeps.
#if defined(_MSC_VER) && !defined(__clang__)
#define PYSNN_ALWAYS_INLINE __forceinline
#define PYSNN_NOINLINE __declspec(noinline)
#else
#define PYSNN_ALWAYS_INLINE inline __attribute__((always_inline))
#define PYSNN_NOINLINE __attribute__((noinline))
#endif
#if defined(__GNUC__) || defined(__clang__)
#define PYSNN_UNLIKELY(condition) __builtin_expect(condition, 0)
#define PYSNN_UNREACHABLE() __builtin_unreachable()
#else
#define PYSNN_UNLIKELY(condition) (condition)
#define PYSNN_UNREACHABLE() __assume(false)
#endif
#define PYSNN_INLINE static PYSNN_ALWAYS_INLINE

#define PYSNN_PRAGMA(text) _Pragma(#text)

#if defined(__clang__)
#define PYSNN_BEGIN_TARGET(features) \
    PYSNN_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define PYSNN_END_TARGET PYSNN_PRAGMA(clang attribute pop)
#elif defined(__GNUC__)
#define PYSNN_BEGIN_TARGET(features) \
    PYSNN_PRAGMA(GCC push_options) PYSNN_PRAGMA(GCC target(features))
#define PYSNN_END_TARGET PYSNN_PRAGMA(GCC pop_options)
#else
#define PYSNN_BEGIN_TARGET(features)
#define PYSNN_END_TARGET
#endif
