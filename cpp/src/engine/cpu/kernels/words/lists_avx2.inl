// Set bits to a list, eight bits at a time: a byte names a row of places. No loop ends where nobody
// can predict.

/// Places of the set bits of a byte, the lowest first.
struct BytePlaces {
    alignas(64) std::uint8_t of[256][8] = {};
    constexpr BytePlaces() {
        for (int byte = 0; byte < 256; ++byte) {
            int count = 0;
            for (int bit = 0; bit < 8; ++bit) {
                if ((byte >> bit & 1) != 0) {
                    of[byte][count++] = static_cast<std::uint8_t>(bit);
                }
            }
        }
    }
};

PYSNN_INLINE std::int64_t list_bits(std::uint64_t mask, std::int64_t first, std::int64_t num_bits,
                                    std::uint16_t* out) {
    static constexpr BytePlaces kPlaces;
    const std::int64_t count = count_ones(mask);
    __m128i place = _mm_set1_epi16(static_cast<short>(first));
    const __m128i eight = _mm_set1_epi16(8);
    const auto list_four_bytes = [&] {
        for (int k = 0; k < 4; ++k) {
            const auto byte = static_cast<std::uint8_t>(mask);
            const __m128i bytes =
                _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kPlaces.of[byte]));
            _mm_storeu_si128(reinterpret_cast<__m128i*>(out),
                             _mm_add_epi16(_mm_cvtepu8_epi16(bytes), place));
            out += count_ones(byte);
            place = _mm_add_epi16(place, eight);
            mask >>= 8;
        }
    };
    list_four_bytes();
    if (num_bits > 32) {
        list_four_bytes();
    }
    return count;
}
