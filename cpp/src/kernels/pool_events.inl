// Average pooling: each spike adds its channel's weight to the windows that cover it.

static std::int64_t pool_events(const PoolRuns& runs, const std::uint32_t* events,
                                std::int64_t num_events, float* current) {
    const auto channels = static_cast<std::uint32_t>(runs.channels);
    const auto source_width = static_cast<std::uint32_t>(runs.source_width);
    std::int64_t num_synapses = 0;
    for (std::int64_t event = 0; event < num_events; ++event) {
        const std::uint32_t position = events[event] / channels;
        const std::uint32_t channel = events[event] % channels;
        const Reach& row = runs.rows.data()[position / source_width];
        const Reach& column = runs.columns.data()[position % source_width];
        const float weight = runs.weight.data()[channel];
        num_synapses += std::int64_t{row.count} * column.count;
        for (std::int64_t y = row.first; y < row.first + row.count; ++y) {
            for (std::int64_t x = column.first; x < column.first + column.count; ++x) {
                current[(y * runs.target_width + x) * runs.channels + channel] += weight;
            }
        }
    }
    return num_synapses;
}
