// What a shared library shows.
#pragma once

/// PYSNN_API marks what a shared library shows; everything else is hidden in it. The CMake package
/// and the pkg-config file define PYSNN_SHARED where the library is shared.

#if !defined(PYSNN_SHARED)
#define PYSNN_API
#elif !defined(_WIN32)
#define PYSNN_API __attribute__((visibility("default")))
#elif defined(PYSNN_BUILDING)
#define PYSNN_API __declspec(dllexport)
#else
#define PYSNN_API __declspec(dllimport)
#endif

/// Exceptions are caught by their type, which must be one and the same on both sides of a shared
/// library; Windows compares names, and needs no mark.
#if defined(_WIN32)
#define PYSNN_EXCEPTION
#else
#define PYSNN_EXCEPTION __attribute__((visibility("default")))
#endif
