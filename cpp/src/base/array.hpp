// Vectors whose sizes and indices are std::int64_t, as all counts of this library are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

namespace pysnn::detail {

/// A count as the standard library's containers take it.
constexpr std::size_t to_size(std::int64_t count) { return static_cast<std::size_t>(count); }

/// Number of elements of a container of the standard library.
template <typename Container>
std::int64_t size_of(const Container& container) {
    return static_cast<std::int64_t>(container.size());
}

/// std::vector with std::int64_t for sizes and indices.
template <typename T>
class Array {
  public:
    Array() = default;
    explicit Array(std::int64_t size) : values_(to_size(size)) {}
    Array(std::int64_t size, const T& value) : values_(to_size(size), value) {}
    Array(std::initializer_list<T> values) : values_(values) {}

    std::int64_t size() const noexcept { return size_of(values_); }
    bool empty() const noexcept { return values_.empty(); }
    T* data() noexcept { return values_.data(); }
    const T* data() const noexcept { return values_.data(); }
    T& operator[](std::int64_t i) noexcept { return values_.data()[i]; }
    const T& operator[](std::int64_t i) const noexcept { return values_.data()[i]; }
    T& front() noexcept { return values_.front(); }
    const T& front() const noexcept { return values_.front(); }
    T& back() noexcept { return values_.back(); }
    const T& back() const noexcept { return values_.back(); }
    auto begin() noexcept { return values_.begin(); }
    auto begin() const noexcept { return values_.begin(); }
    auto end() noexcept { return values_.end(); }
    auto end() const noexcept { return values_.end(); }

    void reserve(std::int64_t size) { values_.reserve(to_size(size)); }
    void resize(std::int64_t size) { values_.resize(to_size(size)); }
    void resize(std::int64_t size, const T& value) { values_.resize(to_size(size), value); }
    void assign(std::int64_t size, const T& value) { values_.assign(to_size(size), value); }
    void clear() noexcept { values_.clear(); }
    void push_back(T value) { values_.push_back(std::move(value)); }
    /// Drops the elements from `first` on.
    void truncate(typename std::vector<T>::iterator first) { values_.erase(first, values_.end()); }

    friend bool operator==(const Array& a, const Array& b) { return a.values_ == b.values_; }

  private:
    std::vector<T> values_;
};

}  // namespace pysnn::detail
