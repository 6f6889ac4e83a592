// Element by element: the ReLU function, sums, and what is found out about finished values.

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

static void scale_and_shift(const float* source, std::int64_t count, float scale, float shift,
                            float* target) {
    const Floats factor = broadcast(scale);
    const Floats summand = broadcast(shift);
    for (std::int64_t i = 0; i < count; ++i) {
        store(target + i * kLanes, add(multiply(load(source + i * kLanes), factor), summand));
    }
}

static void clip(const float* source, std::int64_t count, const ReluSteps& steps, float* target) {
    const Floats zero = broadcast(0.0F);
    const Floats largest = broadcast(steps.largest);
    for (std::int64_t i = 0; i < count; ++i) {
        const Floats value = minimum(largest, maximum(zero, load(source + i * kLanes)));
        store(target + i * kLanes, add(value, zero));
    }
}

static void quantize(const float* source, std::int64_t count, const ReluSteps& steps,
                     float* target) {
    const Floats zero = broadcast(0.0F);
    const Floats half = broadcast(0.5F);
    const Floats largest = broadcast(steps.largest);
    const Floats per_step = broadcast(steps.per_step);
    const Floats step = broadcast(steps.step);
    for (std::int64_t i = 0; i < count; ++i) {
        const Floats place = add(multiply(load(source + i * kLanes), per_step), half);
        // Bounds first, which are whole numbers: what is cut off is then what floor() takes.
        const Floats bounded = minimum(largest, maximum(zero, place));
        const Floats level = add(truncate(bounded), fault_of(bounded));
        store(target + i * kLanes, multiply(level, step));
    }
}

static void add_sources(const float* const* sources, std::int64_t num_sources, std::int64_t offset,
                        std::int64_t count, float* target) {
    const float* first = sources[0] + offset;
    const float* second = sources[1] + offset;
    for (std::int64_t i = 0; i < count; ++i) {
        Floats sum = add(load(first + i * kLanes), load(second + i * kLanes));
        for (std::int64_t k = 2; k < num_sources; ++k) {
            sum = add(sum, load(sources[k] + offset + i * kLanes));
        }
        store(target + i * kLanes, sum);
    }
}
