// The numbers that were found by measuring, each with its reason. None changes a result.
#pragma once

#include <cstdint>

namespace pysnn::detail::tuning {

// --- Samples and steps ---

/// Samples whose chunks one worker runs side by side, so that a tile's weights, once in the nearest
/// cache, serve all of them.
inline constexpr std::int64_t kMaxSlots = 32;

/// Memory of a worker's slots for each byte of weights: samples side by side share the way of the
/// weights into the caches, and take the place there that their spikes and membranes had. Networks
/// of few weights run faster a few samples at a time.
inline constexpr std::int64_t kSlotBytesPerWeightByte = 4;

/// Of that memory, at least and at most: few slots where networks or potentials are large.
inline constexpr std::int64_t kLeastSlotBytes = 4 * 1024 * 1024;
inline constexpr std::int64_t kMaxSlotBytes = 64 * 1024 * 1024;

/// Samples that take turns in a worker's slots where some stop early: more than slots, so that
/// these stay full.
inline constexpr std::int64_t kMaxSamplesIfStopping = 64;

/// Portions of samples for each thread, at least, so that none waits long for the others.
inline constexpr std::int64_t kPortionsPerThread = 2;

/// A baseline is summed once for so many steps, at least: for fewer it costs more than it saves.
inline constexpr std::int64_t kMinBaselineSteps = 8;

// --- Linear ---

/// Source words of a block of weights: a tile of so many times 64 rows of 64 floats stays in the
/// second cache with what the sums need.
inline constexpr std::int64_t kMaxBlockWords = 20;

// --- Convolutions ---

/// Weight rows of a block, so that those of a tile stay in the second cache with what the sums
/// need.
inline constexpr std::int64_t kMaxBlockRows = 1024;

/// As many rows, or words of them, where half are of negative spikes: these are few, so that their
/// rows are seldom in a cache.
constexpr std::int64_t max_rows(std::int64_t unsigned_rows, bool is_signed) {
    return is_signed ? 2 * unsigned_rows : unsigned_rows;
}

/// Weights that stay in the second cache beside a sample's lists: samples take turns then, as their
/// lists and masks are near, too.
inline constexpr std::int64_t kNearBytes = 384 * 1024;

/// Tiles whose sums wait while the blocks of weights pass by.
inline constexpr std::int64_t kTilesAtOnce = 8;

// --- Tables of subset sums ---

/// Of a tile's tables, which share the first cache with masks and patterns.
inline constexpr std::int64_t kMaxTableBytes = 48 * 1024;

/// Of all neurons of a position over the pixels of a window, which share the second cache with
/// little else: with more, of wide populations, gathering is up to three times as fast.
inline constexpr std::int64_t kMaxPixelTableBytes = 320 * 1024;

/// Fewer steps do not pay for the rows of tables that they bring into the caches.
inline constexpr std::int64_t kMinPixelTableSteps = 4;

/// Channels of a pixel whose tables pay: those of eight cost what their lists do.
inline constexpr std::int64_t kMinPixelTableChannels = 10;

/// Of a pattern, which is a byte.
inline constexpr std::int64_t kMaxPatternBits = 8;

/// Bits that a lookup must serve on average: for fewer, gathering their rows costs as much.
inline constexpr std::int64_t kMinBitsPerLookup = 4;

/// A list that ends at a surprising place costs about as much as so many lookups.
inline constexpr double kSurpriseInLookups = 6.0;

// --- Event lists ---

/// Events that a list has room for from the beginning, so that later calls of a stream allocate
/// nothing. What is not written takes no memory of the machine.
inline constexpr std::int64_t kRoomyEvents = std::int64_t{1} << 15;

}  // namespace pysnn::detail::tuning
