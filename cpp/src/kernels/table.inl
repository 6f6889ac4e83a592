extern const Kernels kKernels;
const Kernels kKernels{linear_tile, linear_events,  conv_events,
                       pool_events, update_neurons, poisson};
