// What begins and ends a tile's step, in every kernel that runs tiles: membranes, thresholds,
// carries and spikes.

/// Weights, or sums of them, of the type that they have.
template <typename Weight>
PYSNN_INLINE const Weight* typed(const void* weights) {
    return static_cast<const Weight*>(weights);
}

/// Membranes of neighbouring neurons, in registers while a tile runs.
template <typename Rule, int kVectors>
struct Membranes {
    StateOf<Rule, FloatValues> state[kVectors];
};

template <typename Rule, int kVectors>
PYSNN_INLINE void load_membranes(const NeuronView& neurons, std::int64_t column,
                                 Membranes<Rule, kVectors>& membranes) {
    for (int i = 0; i < kVectors; ++i) {
        Rule::load_state(neurons, column + i * kLanes, membranes.state[i]);
    }
}

template <typename Rule, int kVectors>
PYSNN_INLINE void store_membranes(const NeuronView& neurons, std::int64_t column,
                                  const Membranes<Rule, kVectors>& membranes) {
    for (int i = 0; i < kVectors; ++i) {
        Rule::store_state(neurons, column + i * kLanes, membranes.state[i]);
    }
}

/// Bits of at most 64 neurons from `column` of the tile on.
PYSNN_INLINE void store_mask(const TileView& tile, std::uint64_t* masks, std::int64_t step,
                             std::int64_t column, std::uint64_t mask) {
    std::uint64_t& word = masks[column / kMaskBits * tile.mask_stride + step];
    const std::int64_t shift = column % kMaskBits;
    word = shift == 0 ? mask : word | mask << shift;
}

/// Thresholds of neighbouring neurons: in registers where there are enough of them.
template <int kVectors>
struct Thresholds {
    const float* threshold;
    Floats held[kManyRegisters ? kVectors : 1];
};

template <int kVectors>
PYSNN_INLINE void load_thresholds(const NeuronView& neurons, std::int64_t column,
                                  Thresholds<kVectors>& thresholds) {
    thresholds.threshold = neurons.threshold + column;
    for (int i = 0; kManyRegisters && i < kVectors; ++i) {
        thresholds.held[kManyRegisters ? i : 0] = load(thresholds.threshold + i * kLanes);
    }
}

template <int kVectors>
PYSNN_INLINE Floats threshold_of(const Thresholds<kVectors>& thresholds, int i) {
    return kManyRegisters ? thresholds.held[kManyRegisters ? i : 0]
                          : load(thresholds.threshold + i * kLanes);
}

/// Whether the sums go into the membranes and nothing but spikes is kept.
PYSNN_INLINE bool is_plain(const TileView& tile) {
    return tile.carry_in == nullptr && tile.carry_out == nullptr && tile.potentials == nullptr;
}

/// Keeps the spikes of kVectors vectors, each of which fires(i) steps, and returns their number.
template <int kVectors, typename Fires>
PYSNN_INLINE std::int64_t keep_spikes(const TileView& tile, std::uint64_t* masks, std::int64_t step,
                                      std::int64_t column, const Fires& fires) {
    constexpr int kPerWord = kMaskBits / kLanes;  // vectors of one mask
    std::int64_t spikes = 0;
    for (int first = 0; first < kVectors; first += kPerWord) {
        std::uint64_t mask = 0;
        for (int i = first; i < kVectors && i < first + kPerWord; ++i) {
            mask |= bits(fires(i)) << ((i - first) * kLanes);
        }
        store_mask(tile, masks, step, column + first * kLanes, mask);
        spikes += count_ones(mask);
    }
    return spikes;
}

/// The rule for vectors whose state is in registers.
template <typename Rule, int kVectors>
struct Fires {
    const Floats (&current)[kVectors];
    const Thresholds<kVectors>& thresholds;
    const SettingsOf<Rule, FloatValues> settings;
    Membranes<Rule, kVectors>& membranes;

    PYSNN_ALWAYS_INLINE Mask operator()(int i) const {
        return step_neurons<Rule, FloatValues>(current[i], threshold_of(thresholds, i), settings,
                                               membranes.state[i]);
    }
};

/// Who fires negative spikes, after Fires.
template <typename Rule, int kVectors>
struct FiresNegative {
    const Thresholds<kVectors>& thresholds;
    Membranes<Rule, kVectors>& membranes;

    PYSNN_ALWAYS_INLINE Mask operator()(int i) const {
        return Rule::template fire_negative<FloatValues>(threshold_of(thresholds, i),
                                                         membranes.state[i]);
    }
};

/// Takes one step's currents into the membranes, keeps the spikes, and returns their number.
template <typename Rule, int kVectors>
PYSNN_INLINE std::int64_t finish_step(const TileView& tile, std::int64_t step, std::int64_t column,
                                      const Floats (&current)[kVectors],
                                      const Thresholds<kVectors>& thresholds,
                                      Membranes<Rule, kVectors>& membranes) {
    const Fires<Rule, kVectors> fires{current, thresholds,
                                      SettingsOf<Rule, FloatValues>(tile.neurons), membranes};
    std::int64_t spikes = keep_spikes<kVectors>(tile, tile.masks, step, column, fires);
    if constexpr (Rule::kTraits.sends_negatives) {
        const FiresNegative<Rule, kVectors> fires_negative{thresholds, membranes};
        spikes += keep_spikes<kVectors>(tile, tile.negative_masks, step, column, fires_negative);
    }
    if (tile.potentials != nullptr) {
        for (int i = 0; i < kVectors; ++i) {
            store(tile.potentials + step * tile.potential_stride + column + i * kLanes,
                  membranes.state[i].potential);
        }
    }
    return spikes;
}

template <int kVectors>
PYSNN_INLINE void store_carry(const TileView& tile, std::int64_t step, std::int64_t column,
                              const Floats (&sum)[kVectors]) {
    for (int i = 0; i < kVectors; ++i) {
        store(tile.carry_out + step * tile.carry_stride + column + i * kLanes, sum[i]);
    }
}

PYSNN_INLINE Floats load_carry(const TileView& tile, std::int64_t step, std::int64_t column) {
    return load(tile.carry_in + step * tile.carry_stride + column);
}

/// What the sums of a step begin with.
template <int kVectors>
PYSNN_INLINE void load_start(const TileView& tile, std::int64_t step, std::int64_t column,
                             const Floats (&base)[kVectors], Floats (&sum)[kVectors]) {
    for (int i = 0; i < kVectors; ++i) {
        sum[i] = tile.carry_in == nullptr ? base[i] : load_carry(tile, step, column + i * kLanes);
    }
}

/// Calls Pass<policy>::run(arguments...) with the policy of the tile's neurons.
template <template <typename> class Pass, typename... Arguments>
static std::int64_t dispatch_tile(const TileView& tile, const Arguments&... arguments) {
    return visit_tile_rule(tile.neurons.rule, [&](auto policy) {
        return run_pass<Pass, decltype(policy)>(tile.neurons.refractory_left != nullptr,
                                                arguments...);
    });
}
