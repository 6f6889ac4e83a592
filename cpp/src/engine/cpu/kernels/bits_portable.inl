// Bits of a word without an instruction for them.

PYSNN_INLINE int count_ones(std::uint64_t word) {
    word -= word >> 1 & 0x5555555555555555U;
    word = (word & 0x3333333333333333U) + (word >> 2 & 0x3333333333333333U);
    word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0FU;
    return static_cast<int>(word * 0x0101010101010101U >> 56);
}

PYSNN_INLINE int lowest_one(std::uint64_t word) { return lowest_bit(word); }

PYSNN_INLINE std::uint64_t deposit_bits(std::uint64_t bits, std::uint64_t mask) {
    std::uint64_t result = 0;
    for (; mask != 0; mask &= mask - 1, bits >>= 1) {
        result |= (bits & 1U) << lowest_bit(mask);
    }
    return result;
}
