// A Linear into a population that other kinds of projection feed too: whole rows onto the currents
// in memory.

static std::int64_t linear_events(const LinearTiles& tiles, const std::uint32_t* events,
                                  std::int64_t num_events, float* current) {
    for (std::int64_t tile = 0; tile * kMaskBits < tiles.num_columns; ++tile) {
        const float* weight = tiles.tile(tile);
        const std::int64_t width = tiles.width(tile);
        float* target = current + tile * kMaskBits;
        for (std::int64_t event = 0; event < num_events; ++event) {
            const float* row = weight + static_cast<std::int64_t>(events[event]) * width;
            for (std::int64_t i = 0; i < width; i += kLanes) {
                store(target + i, add(load(target + i), load(row + i)));
            }
        }
    }
    return num_events * tiles.num_columns;
}
