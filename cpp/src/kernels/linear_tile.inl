// Fully connected populations: one tile of neurons over all steps of a chunk.
//
// A pass keeps the sums and the membranes of kVectors vectors in registers, from the first step to
// the last; an event costs one load and one add per vector. Tiles wider than a pass take several.

template <int kVectors, bool kSubtract, bool kRefractory>
static void tile_pass(const LinearTileArguments& a, std::int64_t column) {
    Floats potential[kVectors];
    Floats left[kVectors];
    const Floats refractory_steps = broadcast(a.neurons.refractory_steps);
    for (int i = 0; i < kVectors; ++i) {
        potential[i] = load(a.neurons.potential + column + i * kLanes);
        left[i] =
            kRefractory ? load(a.neurons.refractory_left + column + i * kLanes) : potential[i];
    }
    for (std::int64_t step = 0; step < a.num_steps; ++step) {
        Floats sum[kVectors];
        for (int i = 0; i < kVectors; ++i) {
            sum[i] = load(a.neurons.bias + column + i * kLanes);
        }
        for (int source = 0; source < a.num_sources; ++source) {
            const float* weight = a.weight[source] + column;
            const std::uint32_t* event = a.events[source].events + a.events[source].offsets[step];
            const std::uint32_t* end = a.events[source].events + a.events[source].offsets[step + 1];
            for (; event != end; ++event) {
                const float* row = weight + static_cast<std::int64_t>(*event) * a.width;
                for (int i = 0; i < kVectors; ++i) {
                    sum[i] = add(sum[i], load(row + i * kLanes));
                }
            }
        }
        std::uint64_t mask = 0;
        for (int i = 0; i < kVectors; ++i) {
            const Floats threshold = load(a.neurons.threshold + column + i * kLanes);
            const Mask fires = step_neurons<kSubtract, kRefractory>(
                sum[i], threshold, refractory_steps, potential[i], left[i]);
            mask |= bits(fires) << (i * kLanes);
        }
        std::uint64_t& word = a.masks[step * a.mask_stride];
        word = column == 0 ? mask : word | mask << column;
        if (a.potentials != nullptr) {
            for (int i = 0; i < kVectors; ++i) {
                store(a.potentials + step * a.potential_stride + column + i * kLanes, potential[i]);
            }
        }
    }
    for (int i = 0; i < kVectors; ++i) {
        store(a.neurons.potential + column + i * kLanes, potential[i]);
        if (kRefractory) {
            store(a.neurons.refractory_left + column + i * kLanes, left[i]);
        }
    }
}

template <bool kSubtract, bool kRefractory>
static void tile_passes(const LinearTileArguments& a) {
    std::int64_t column = 0;
    for (; column + kPassVectors * kLanes <= a.width; column += kPassVectors * kLanes) {
        tile_pass<kPassVectors, kSubtract, kRefractory>(a, column);
    }
    // What is left is a multiple of 16 columns and less than a pass.
    switch ((a.width - column) / kLanes) {
        case 1:
            tile_pass<1, kSubtract, kRefractory>(a, column);
            break;
        case 2:
            tile_pass<2, kSubtract, kRefractory>(a, column);
            break;
        case 3:
            tile_pass<3, kSubtract, kRefractory>(a, column);
            break;
        default:
            break;
    }
}

static void linear_tile(const LinearTileArguments& a) {
    const bool subtract = a.neurons.reset == ResetMode::Subtract;
    if (a.neurons.refractory_left != nullptr) {
        (subtract ? tile_passes<true, true> : tile_passes<false, true>)(a);
    } else {
        (subtract ? tile_passes<true, false> : tile_passes<false, false>)(a);
    }
}
