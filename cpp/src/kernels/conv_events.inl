// Convolution by scattering: each spike adds one contiguous run of its kernel per target row.

static inline void add_run(float* target, const float* weight, std::int64_t count) {
    std::int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
        store(target + i, add(load(target + i), load(weight + i)));
    }
#ifdef PYSNN_X86
    for (; i + 4 <= count; i += 4) {
        _mm_storeu_ps(target + i, _mm_add_ps(_mm_loadu_ps(target + i), _mm_loadu_ps(weight + i)));
    }
#endif
    for (; i < count; ++i) {
        target[i] += weight[i];
    }
}

static std::int64_t conv_events(const ConvRuns& runs, const std::uint32_t* events,
                                std::int64_t num_events, float* current) {
    const auto source_channels = static_cast<std::uint32_t>(runs.source_channels);
    const auto source_width = static_cast<std::uint32_t>(runs.source_width);
    std::int64_t num_positions = 0;  // that the events reach
    for (std::int64_t event = 0; event < num_events; ++event) {
        const std::uint32_t position = events[event] / source_channels;
        const std::uint32_t channel = events[event] % source_channels;
        const Reach& row = runs.rows.data()[position / source_width];
        const Reach& column = runs.columns.data()[position % source_width];
        num_positions += std::int64_t{row.count} * column.count;
        const std::int64_t count = column.count * runs.target_channels;
        const float* weight =
            runs.weight.data() +
            ((channel * runs.kernel_height + row.slot) * runs.kernel_width + column.slot) *
                runs.target_channels;
        float* target =
            current + (row.first * runs.target_width + column.first) * runs.target_channels;
        for (std::int32_t i = 0; i < row.count; ++i) {
            add_run(target, weight, count);
            weight += runs.kernel_width * runs.target_channels;
            target += runs.target_width * runs.target_channels;
        }
    }
    return num_positions * runs.target_channels;
}
