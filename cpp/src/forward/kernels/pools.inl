// Averages and maxima of windows.

// From `value` on, the sum or the largest of what lies under a window, by row and column.
template <bool kFindsLargest>
PYSNN_INLINE Floats over_window(const PoolWindows& windows, const float* source, Floats value) {
    for (std::int64_t r = 0; r < windows.rows; ++r) {
        const float* next = source + r * windows.row_stride;
        for (std::int64_t c = 0; c < windows.columns; ++c) {
            value = kFindsLargest ? maximum(load(next), value) : add(value, load(next));
            next += windows.column_stride;
        }
    }
    return value;
}

static void window_means(const PoolWindows& windows) {
    const Floats factor = broadcast(windows.factor);
    for (std::int64_t i = 0; i < windows.windows; ++i) {
        const float* source = windows.source + i * windows.window_stride;
        const Floats sum = over_window<false>(windows, source, broadcast(0.0F));
        store(windows.output + i * kLanes, multiply(sum, factor));
    }
}

static void window_maxima(const PoolWindows& windows) {
    for (std::int64_t i = 0; i < windows.windows; ++i) {
        const float* source = windows.source + i * windows.window_stride;
        store(windows.output + i * kLanes, over_window<true>(windows, source, load(source)));
    }
}
