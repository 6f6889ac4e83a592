// Places of bits in a word, without an instruction for them.

PYSNN_INLINE int lowest_one(std::uint64_t word) { return lowest_bit(word); }

PYSNN_INLINE std::uint64_t deposit_bits(std::uint64_t bits, std::uint64_t mask) {
    std::uint64_t result = 0;
    for (; mask != 0; mask &= mask - 1, bits >>= 1) {
        result |= (bits & 1U) << lowest_bit(mask);
    }
    return result;
}
