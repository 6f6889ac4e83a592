// Instruction sets whose comparisons give no mask of bytes gain nothing from pool_bytes.inl.

template <typename Rule>
PYSNN_INLINE bool pool_in_bytes(const PoolArguments& /*arguments*/, std::int64_t& /*num_spikes*/) {
    return false;
}
