#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "aligned_buffer.hpp"
#include "kernels/kernels.hpp"

namespace pysnn::detail {

/// Index of the lowest set bit; `word` is not 0.
inline int lowest_bit(std::uint64_t word) {
#if defined(__GNUC__)
    return __builtin_ctzll(word);
#else
    int index = 0;
    while ((word & 1U) == 0) {
        word >>= 1;
        ++index;
    }
    return index;
#endif
}

/// Who fires in each step of a chunk, packed without gaps. Memory grows with the spikes that there
/// are, and is kept from one chunk to the next.
class EventList {
  public:
    void clear() {
        offsets_.assign(1, 0);
        size_ = 0;
    }

    void append(std::uint32_t neuron) {
        reserve(size_ + 1);
        events_[size_++] = neuron;
    }

    void append(const std::vector<std::uint32_t>& neurons) {
        reserve(size_ + neurons.size());
        std::copy(neurons.begin(), neurons.end(), events_.data() + size_);
        size_ += neurons.size();
    }

    /// Appends first + i for every set bit i.
    void append_bits(std::uint64_t mask, std::uint32_t first) {
        reserve(size_ + 64);
        std::uint32_t* out = events_.data() + size_;
        for (; mask != 0; mask &= mask - 1) {
            *out++ = first + static_cast<std::uint32_t>(lowest_bit(mask));
        }
        size_ = static_cast<std::size_t>(out - events_.data());
    }

    /// Appends ids[i] for every set bit i.
    void append_bits(std::uint64_t mask, const std::uint32_t* ids) {
        reserve(size_ + 64);
        std::uint32_t* out = events_.data() + size_;
        for (; mask != 0; mask &= mask - 1) {
            *out++ = ids[lowest_bit(mask)];
        }
        size_ = static_cast<std::size_t>(out - events_.data());
    }

    void end_step() { offsets_.push_back(static_cast<std::uint32_t>(size_)); }

    std::int64_t size() const { return static_cast<std::int64_t>(size_); }
    std::int64_t count(std::int64_t step) const { return end(step) - begin(step); }
    const std::uint32_t* begin(std::int64_t step) const {
        return events_.data() + offsets_[static_cast<std::size_t>(step)];
    }
    const std::uint32_t* end(std::int64_t step) const {
        return events_.data() + offsets_[static_cast<std::size_t>(step) + 1];
    }
    EventView view() const { return {events_.data(), offsets_.data()}; }

  private:
    void reserve(std::size_t size) {
        if (size > events_.size()) {
            AlignedBuffer<std::uint32_t> larger(std::max<std::size_t>(256, 2 * size));
            std::copy(events_.data(), events_.data() + size_, larger.data());
            events_ = std::move(larger);
        }
    }

    AlignedBuffer<std::uint32_t> events_{256};
    std::size_t size_ = 0;
    std::vector<std::uint32_t> offsets_{0};
};

}  // namespace pysnn::detail
