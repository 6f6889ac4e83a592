// The kernels of one instruction set.

extern const Kernels kKernels;
const Kernels kKernels{gather,
                       gather_int16,
                       subset_table,
                       pixel_sums,
                       pool,
                       max_pool,
                       neuron_traits,
                       membranes,
                       add_rows,
                       add_rows_int16,
                       kPassVectors * kLanes,
                       kShortPassVectors * kShortLanes,
                       kPoolsTables,
                       {list_rows, list_ids, list_steps, count_bits},
                       window_words,
                       merge_words,
                       window_bytes,
                       spread_words,
                       split_words,
                       occupied_steps,
                       poisson};
