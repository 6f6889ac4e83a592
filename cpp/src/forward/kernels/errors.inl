// Errors of values that are rounded down to steps of many sizes at once.

static void squared_errors(const double* values, std::int64_t num_values,
                           const Quantizers& quantizers, double* sums) {
    // So many vectors of sums stay in registers; each is a chain of its own.
    constexpr int kVectors = 4;
    const Doubles zero = broadcast(0.0);
    const Doubles shift = broadcast(quantizers.shift);
    const Doubles most = broadcast(quantizers.most);
    for (std::int64_t first = 0; first < quantizers.count; first += kVectors * kDoubles) {
        Doubles per_step[kVectors];
        Doubles step[kVectors];
        Doubles sum[kVectors];
        for (int k = 0; k < kVectors; ++k) {
            per_step[k] = load(quantizers.per_step + first + k * kDoubles);
            step[k] = load(quantizers.step + first + k * kDoubles);
            sum[k] = load(sums + first + k * kDoubles);
        }
        for (std::int64_t i = 0; i < num_values; ++i) {
            const Doubles value = broadcast(values[i]);
            for (int k = 0; k < kVectors; ++k) {
                const Doubles place = add(multiply(value, per_step[k]), shift);
                // Bounds first, which are whole numbers: what is cut off is then what floor()
                // takes.
                const Doubles count = truncate(minimum(most, maximum(zero, place)));
                const Doubles error = subtract(value, multiply(count, step[k]));
                sum[k] = add(sum[k], multiply(error, error));
            }
        }
        for (int k = 0; k < kVectors; ++k) {
            store(sums + first + k * kDoubles, sum[k]);
        }
    }
}
