// Sums of products under windows, for two windows and a few outputs at a time.

template <int kCount>
PYSNN_NOINLINE void window_sums(const WindowSums& window) {
    Floats first[kCount];
    Floats second[kCount];
    for (int i = 0; i < kCount; ++i) {
        // From +0, so that a sum never is -0: products that are 0 then change no bit.
        first[i] = add(broadcast(0.0F), broadcast(window.bias[i]));
        second[i] = first[i];
    }
    for (std::int64_t c = 0; c < window.channels; ++c) {
        for (std::int64_t r = 0; r < window.rows; ++r) {
            const float* source = window.source + c * window.channel_stride + r * window.row_stride;
            const float* weight =
                window.weight + c * window.weight_channel_stride + r * window.weight_row_stride;
            for (std::int64_t k = 0; k < window.columns; ++k) {
                const Floats a = load(source);
                const Floats b = load(source + window.second_source);
                for (int i = 0; i < kCount; ++i) {
                    const Floats w = broadcast(weight[i]);
                    first[i] = add(first[i], multiply(a, w));
                    second[i] = add(second[i], multiply(b, w));
                }
                source += window.column_stride;
                weight += kCount;
            }
        }
    }
    for (int i = 0; i < kCount; ++i) {
        float* output = window.output + i * window.output_stride;
        store(output, first[i]);
        store(output + window.second_output, second[i]);
    }
}
