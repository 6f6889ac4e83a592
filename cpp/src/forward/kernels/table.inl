// The kernels of one instruction set, as a table.

template <int... kCounts>
struct Counts {};

// {1, ..., kCount}; the standard library's own must not be compiled for this instruction set.
template <int kCount, int... kBehind>
struct CountsUpTo : CountsUpTo<kCount - 1, kCount, kBehind...> {};
template <int... kCounts>
struct CountsUpTo<0, kCounts...> {
    using Type = Counts<kCounts...>;
};

template <typename>
struct SumTable;
template <int... kCounts>
struct SumTable<Counts<kCounts...>> {
    static constexpr SumKernel kKernels[] = {window_sums<kCounts>...};
};

extern const ForwardKernels kKernels;
const ForwardKernels kKernels{
    kLanes,       kOutputs,        SumTable<CountsUpTo<kOutputs>::Type>::kKernels,
    window_means, window_maxima,   relu,
    scan,         scale_and_shift, clip,
    quantize,     add_sources,     squared_errors};
