// Averages of windows, the ReLU function and what is found out about finished values.

static void window_means(const WindowMeans& means) {
    const Floats factor = broadcast(means.factor);
    for (std::int64_t i = 0; i < means.windows; ++i) {
        Floats sum = broadcast(0.0F);
        for (std::int64_t r = 0; r < means.rows; ++r) {
            const float* source = means.source + i * means.window_stride + r * means.row_stride;
            for (std::int64_t c = 0; c < means.columns; ++c) {
                sum = add(sum, load(source));
                source += means.column_stride;
            }
        }
        store(means.output + i * kLanes, multiply(sum, factor));
    }
}

// 0 of a finite value, NaN of any other.
PYSNN_INLINE Floats fault_of(Floats value) { return multiply(value, broadcast(0.0F)); }

static void relu(float* values, std::int64_t count, float* fault) {
    Floats faults = load(fault);
    for (std::int64_t i = 0; i < count; ++i) {
        const Floats value = load(values + i * kLanes);
        faults = add(faults, fault_of(value));
        store(values + i * kLanes, maximum(broadcast(0.0F), value));
    }
    store(fault, faults);
}

static void scan(const float* values, std::int64_t count, float* fault, float* largest) {
    Floats faults = load(fault);
    Floats maxima = load(largest);
    for (std::int64_t i = 0; i < count; ++i) {
        const Floats value = load(values + i * kLanes);
        faults = add(faults, fault_of(value));
        maxima = maximum(value, maxima);
    }
    store(fault, faults);
    store(largest, maxima);
}
