extern const Kernels kKernels;
const Kernels kKernels{gather,         gather_int16,           subset_table, pool,         add_rows,
                       add_rows_int16, {list_rows, list_ids}, window_words, window_bytes, spread_words,
                       count_bits,     poisson};
