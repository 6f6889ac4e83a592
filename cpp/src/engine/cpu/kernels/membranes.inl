// Membranes that take finished sums out of memory, and what becomes of their charge: a vector of
// neurons over all steps, with all of its state in registers.

constexpr int kHalves = 2;  // vectors of doubles that hold as many numbers as one of floats
constexpr int kDoubleLanes = kLanes / kHalves;

/// a + b minus its float32 value `sum`: representable, and found without rounding (Knuth's TwoSum).
PYSNN_INLINE Floats rounding_error(Floats a, Floats b, Floats sum) {
    const Floats b_part = subtract(sum, a);
    const Floats a_part = subtract(sum, b_part);
    return add(subtract(a, a_part), subtract(b, b_part));
}

/// A vector's share of a NeuronGroup.
struct Charge {
    Doubles input[kHalves];
    Doubles dropped[kHalves];
    Doubles excess[kHalves];
    Doubles rounding[kHalves];
    Ints spikes;
    Ints multi_spikes;
};

PYSNN_INLINE void load_charge(const NeuronGroup& group, std::int64_t first, Charge& charge) {
    for (int half = 0; half < kHalves; ++half) {
        const std::int64_t at = first + half * kDoubleLanes;
        charge.input[half] = load_doubles(group.input + at);
        charge.dropped[half] = load_doubles(group.dropped + at);
        charge.excess[half] = load_doubles(group.excess + at);
        charge.rounding[half] = load_doubles(group.rounding + at);
    }
    charge.spikes = load_ints(group.spikes + first);
    charge.multi_spikes = load_ints(group.multi_spikes + first);
}

PYSNN_INLINE void store_charge(const Charge& charge, std::int64_t first, NeuronGroup& group) {
    for (int half = 0; half < kHalves; ++half) {
        const std::int64_t at = first + half * kDoubleLanes;
        store_doubles(group.input + at, charge.input[half]);
        store_doubles(group.dropped + at, charge.dropped[half]);
        store_doubles(group.excess + at, charge.excess[half]);
        store_doubles(group.rounding + at, charge.rounding[half]);
    }
    store_ints(group.spikes + first, charge.spikes);
    store_ints(group.multi_spikes + first, charge.multi_spikes);
}

/// One step of a vector of neurons.
struct VectorStep {
    Floats unleaked;  // what leaky neurons begin with; read of them only
    Floats before;
    Floats current;
    Mask resting;      // where the current is dropped; read with a refractory period only
    Floats potential;  // after the current
    Mask fires;
    Mask fires_negative;  // read of rules that send negative spikes only
    Floats rest;          // after the reset
    Floats threshold;
};

template <typename Rule>
PYSNN_INLINE void count_charge(const VectorStep& step, Charge& charge) {
    const Floats zero = broadcast(0.0F);
    Floats rounded = rounding_error(step.before, step.current, add(step.before, step.current));
    if constexpr (Rule::kIsRefractory) {
        rounded = zero_where(step.resting, rounded);
    }
    for (int half = 0; half < kHalves; ++half) {
        charge.input[half] = add(charge.input[half], to_doubles(step.current, half));
        charge.rounding[half] = add(charge.rounding[half], to_doubles(rounded, half));
        // Below the threshold there is none.
        const Doubles excess =
            subtract(to_doubles(step.potential, half), to_doubles(step.threshold, half));
        charge.excess[half] = add(charge.excess[half], at_least_zero(excess));
        if constexpr (Rule::kIsRefractory) {
            const Floats dropped = select(step.resting, step.current, zero);
            charge.dropped[half] = add(charge.dropped[half], to_doubles(dropped, half));
        }
        if constexpr (Rule::kLeaks) {
            const Doubles leaked =
                subtract(to_doubles(step.unleaked, half), to_doubles(step.before, half));
            charge.dropped[half] = add(charge.dropped[half], leaked);
        }
        if constexpr (Rule::kTraits.sends_negatives) {
            const Floats error = rounding_error(step.potential, step.threshold, step.rest);
            const Floats by_reset = select(step.fires_negative, error, zero);
            charge.rounding[half] = add(charge.rounding[half], to_doubles(by_reset, half));
        }
        if constexpr (Rule::kTraits.subtracts) {
            const Floats error =
                rounding_error(step.potential, subtract(zero, step.threshold), step.rest);
            const Floats by_reset = select(step.fires, error, zero);
            charge.rounding[half] = add(charge.rounding[half], to_doubles(by_reset, half));
        }
    }
    charge.spikes = next_where(step.fires, charge.spikes);
    if constexpr (Rule::kTraits.sends_negatives) {
        charge.spikes = previous_where(step.fires_negative, charge.spikes);
    }
    const Mask twice = at_least(step.potential, add(step.threshold, step.threshold));
    charge.multi_spikes = next_where(twice, charge.multi_spikes);
}

template <typename Rule, bool kCounts>
static void run_vector(const GroupArguments& arguments, std::int64_t first) {
    const GroupArguments a = arguments;
    NeuronGroup& group = *a.group;
    NeuronView neurons;
    neurons.potential = group.potential;
    neurons.refractory_left = group.left;
    neurons.lower = group.lower;
    neurons.sent = group.sent;
    neurons.leak = group.leak;
    neurons.refractory_steps = a.refractory_steps;
    const SettingsOf<Rule, FloatValues> settings(neurons);
    StateOf<Rule, FloatValues> state;
    Rule::load_state(neurons, first, state);
    Charge charge;
    VectorStep now;
    now.threshold = load(group.threshold + first);
    if (kCounts) {
        load_charge(group, first, charge);
    }
    for (std::int64_t step = 0; step < a.num_steps; ++step) {
        now.unleaked = state.potential;
        Rule::leak(state);
        now.before = state.potential;
        now.current = load(a.currents + step * a.current_stride + first);
        if constexpr (Rule::kIsRefractory) {
            now.resting = Rule::resting(state);
        }
        Rule::integrate(now.current, state);
        now.potential = state.potential;
        now.fires = Rule::fire(now.threshold, settings, state);
        if constexpr (Rule::kTraits.sends_negatives) {
            now.fires_negative = Rule::template fire_negative<FloatValues>(now.threshold, state);
            a.negative_masks[step] |= bits(now.fires_negative) << first;
        }
        now.rest = state.potential;
        if (kCounts) {
            count_charge<Rule>(now, charge);
        }
        a.masks[step] |= bits(now.fires) << first;
        if (a.potentials != nullptr) {
            store(a.potentials + step * a.potential_stride + first, state.potential);
        }
    }
    Rule::store_state(neurons, first, state);
    if (kCounts) {
        store_charge(charge, first, group);
    }
}

template <typename Rule>
struct GroupVectors {
    static void run(const GroupArguments& a) {
        for (std::int64_t first = 0; first < kGroup; first += kLanes) {
            if (a.counts) {
                run_vector<Rule, true>(a, first);
            } else {
                run_vector<Rule, false>(a, first);
            }
        }
    }
};

static void membranes(const GroupArguments& a) {
    visit_rule(a.rule, [&](auto policy) {
        run_pass<GroupVectors, decltype(policy)>(a.refractory_steps > 0.0F, a);
    });
}
