// The integrate-and-fire rule, once for all kernels, and what happens at both ends of a tile.

template <bool kSubtract, bool kRefractory>
PYSNN_INLINE Mask step_neurons(Floats current, Floats threshold, Floats refractory_steps,
                               Floats& potential, Floats& refractory_left) {
    if (kRefractory) {
        const Floats one = broadcast(1.0F);
        const Mask resting = at_least(refractory_left, one);
        potential = select(resting, potential, add(potential, current));
        refractory_left = select(resting, subtract(refractory_left, one), refractory_left);
    } else {
        potential = add(potential, current);
    }
    const Mask fires = at_least(potential, threshold);
    potential = kSubtract ? select(fires, subtract(potential, threshold), potential)
                          : zero_where(fires, potential);
    if (kRefractory) {
        refractory_left = select(fires, refractory_steps, refractory_left);
    }
    return fires;
}

/// Membranes of neighbouring neurons, in registers while a tile runs.
template <int kVectors, bool kRefractory>
struct Membranes {
    Floats potential[kVectors];
    Floats left[kRefractory ? kVectors : 1];
};

template <int kVectors, bool kRefractory>
PYSNN_INLINE void load_membranes(const NeuronView& neurons, std::int64_t column,
                                 Membranes<kVectors, kRefractory>& membranes) {
    for (int i = 0; i < kVectors; ++i) {
        membranes.potential[i] = load(neurons.potential + column + i * kLanes);
        if (kRefractory) {
            membranes.left[i] = load(neurons.refractory_left + column + i * kLanes);
        }
    }
}

template <int kVectors, bool kRefractory>
PYSNN_INLINE void store_membranes(const NeuronView& neurons, std::int64_t column,
                                  const Membranes<kVectors, kRefractory>& membranes) {
    for (int i = 0; i < kVectors; ++i) {
        store(neurons.potential + column + i * kLanes, membranes.potential[i]);
        if (kRefractory) {
            store(neurons.refractory_left + column + i * kLanes, membranes.left[i]);
        }
    }
}

/// Bits of at most 64 neurons from `column` of the tile on.
PYSNN_INLINE void store_mask(const TileView& tile, std::int64_t step, std::int64_t column,
                             std::uint64_t mask) {
    std::uint64_t& word = tile.masks[column / kMaskBits * tile.mask_stride + step];
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
PYSNN_INLINE std::int64_t keep_spikes(const TileView& tile, std::int64_t step, std::int64_t column,
                                      const Fires& fires) {
    constexpr int kPerWord = static_cast<int>(kMaskBits) / kLanes;  // vectors of one mask
    std::int64_t spikes = 0;
    for (int first = 0; first < kVectors; first += kPerWord) {
        std::uint64_t mask = 0;
        for (int i = first; i < kVectors && i < first + kPerWord; ++i) {
            mask |= bits(fires(i)) << ((i - first) * kLanes);
        }
        store_mask(tile, step, column + first * kLanes, mask);
        spikes += count_ones(mask);
    }
    return spikes;
}

/// The rule for vectors whose state is in registers.
template <int kVectors, bool kSubtract, bool kRefractory>
struct Fires {
    const Floats (&current)[kVectors];
    const Thresholds<kVectors>& thresholds;
    const Floats refractory_steps;
    Membranes<kVectors, kRefractory>& membranes;

    PYSNN_ALWAYS_INLINE Mask operator()(int i) const {
        return step_neurons<kSubtract, kRefractory>(current[i], threshold_of(thresholds, i),
                                                    refractory_steps, membranes.potential[i],
                                                    membranes.left[kRefractory ? i : 0]);
    }
};

/// Takes one step's currents into the membranes, keeps the spikes, and returns their number.
template <int kVectors, bool kSubtract, bool kRefractory>
PYSNN_INLINE std::int64_t finish_step(const TileView& tile, std::int64_t step, std::int64_t column,
                                      const Floats (&current)[kVectors],
                                      const Thresholds<kVectors>& thresholds,
                                      Membranes<kVectors, kRefractory>& membranes) {
    const Fires<kVectors, kSubtract, kRefractory> fires{
        current, thresholds, broadcast(tile.neurons.refractory_steps), membranes};
    const std::int64_t spikes = keep_spikes<kVectors>(tile, step, column, fires);
    if (tile.potentials != nullptr) {
        for (int i = 0; i < kVectors; ++i) {
            store(tile.potentials + step * tile.potential_stride + column + i * kLanes,
                  membranes.potential[i]);
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

/// Calls Pass<reset, refractory>::run(arguments...) with what the tile's neurons have.
template <template <bool, bool> class Pass, typename... Arguments>
static std::int64_t dispatch_neurons(const NeuronView& neurons, const Arguments&... arguments) {
    const bool subtract = neurons.reset == ResetMode::Subtract;
    if (neurons.refractory_left != nullptr) {
        return subtract ? Pass<true, true>::run(arguments...)
                        : Pass<false, true>::run(arguments...);
    }
    return subtract ? Pass<true, false>::run(arguments...) : Pass<false, false>::run(arguments...);
}
