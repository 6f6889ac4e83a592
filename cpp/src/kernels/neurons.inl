// Membrane update of one vector of neurons: the integrate-and-fire rule, once for all kernels.

template <bool kSubtract, bool kRefractory>
static inline Mask step_neurons(Floats current, Floats threshold, Floats refractory_steps,
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
    potential =
        select(fires, kSubtract ? subtract(potential, threshold) : broadcast(0.0F), potential);
    if (kRefractory) {
        refractory_left = select(fires, refractory_steps, refractory_left);
    }
    return fires;
}

template <bool kSubtract, bool kRefractory>
static void update_all(const NeuronView& neurons, float* current, std::int64_t num_words,
                       std::uint64_t* masks) {
    const Floats refractory_steps = broadcast(neurons.refractory_steps);
    for (std::int64_t word = 0; word < num_words; ++word) {
        std::uint64_t mask = 0;
        for (int lane = 0; lane < kMaskBits; lane += kLanes) {
            const std::int64_t i = word * kMaskBits + lane;
            Floats potential = load(neurons.potential + i);
            Floats left = kRefractory ? load(neurons.refractory_left + i) : potential;
            const Mask fires = step_neurons<kSubtract, kRefractory>(
                load(current + i), load(neurons.threshold + i), refractory_steps, potential, left);
            store(neurons.potential + i, potential);
            if (kRefractory) {
                store(neurons.refractory_left + i, left);
            }
            store(current + i, load(neurons.bias + i));
            mask |= bits(fires) << lane;
        }
        masks[word] = mask;
    }
}

static void update_neurons(const NeuronView& neurons, float* current, std::int64_t num_words,
                           std::uint64_t* masks) {
    const bool subtract = neurons.reset == ResetMode::Subtract;
    if (neurons.refractory_left != nullptr) {
        (subtract ? update_all<true, true> : update_all<false, true>)(neurons, current, num_words,
                                                                      masks);
    } else {
        (subtract ? update_all<true, false> : update_all<false, false>)(neurons, current, num_words,
                                                                        masks);
    }
}
