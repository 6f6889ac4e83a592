// Memory for the kernels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "base/array.hpp"

namespace pysnn::detail {

/// Uninitialised array on a cache line's boundary, as the kernels' loads want it.
template <typename T>
class AlignedBuffer {
  public:
    static constexpr std::size_t kAlignment = 64;

    AlignedBuffer() = default;
    explicit AlignedBuffer(std::int64_t size)
        : data_(size == 0 ? nullptr
                          : static_cast<T*>(::operator new(to_size(size) * sizeof(T),
                                                           std::align_val_t{kAlignment}))),
          size_(size) {}
    AlignedBuffer(std::int64_t size, T value) : AlignedBuffer(size) {
        for (std::int64_t i = 0; i < size; ++i) {
            data_.get()[i] = value;
        }
    }

    /// Grows to at least `size`; contents are lost where it grows.
    void reserve(std::int64_t size) {
        if (size > size_) {
            *this = AlignedBuffer(size);
        }
    }

    T* data() noexcept { return data_.get(); }
    const T* data() const noexcept { return data_.get(); }
    std::int64_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    T& operator[](std::int64_t i) noexcept { return data_.get()[i]; }
    const T& operator[](std::int64_t i) const noexcept { return data_.get()[i]; }

  private:
    struct Delete {
        void operator()(T* data) const noexcept {
            ::operator delete(data, std::align_val_t{kAlignment});
        }
    };
    std::unique_ptr<T, Delete> data_;
    std::int64_t size_ = 0;
};

}  // namespace pysnn::detail
