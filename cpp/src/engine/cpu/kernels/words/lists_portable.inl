// Set bits to a list, by named_bits.inl.

PYSNN_INLINE std::int64_t list_bits(std::uint64_t mask, std::int64_t first,
                                    std::int64_t /*num_bits*/, std::uint16_t* out) {
    return list_set_bits(mask, out,
                         [=](std::int64_t bit) { return static_cast<std::uint16_t>(first + bit); });
}
