// What each kind of node and of synapses declares of itself, in a file of its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>

#include "base/text.hpp"

namespace pysnn::detail {

/// What the core knows of a kind. There is no general answer: a kind that declares nothing, or that
/// leaves something out, does not compile.
///
/// Every kind declares:
///     kType: its name in model files and messages.
///     kSince: the version of the model file that brought it.
///     visit_fields(visitor): each field once, which gives equality, the check for finite values,
///     the check of sizes, reading and writing. A visitor has these members:
///         setting(name, member, since): a number, a flag, a pair or a padding; `since` is the
///         version of the model file that brought it, and an older file means its default.
///         optional_setting(name, member): likewise, but in files of version 2 it may be left out,
///         and is where it has its default.
///         tensor(name, member, axes), optional_tensor(name, member, axes): an array and what its
///         sizes are. Settings that an axis depends on come before.
///         vector(name, member), optional_vector(name, member): an array with one axis, of any
///         length; an optional one may be empty.
///         numbers(name, member): a few numbers of float64.
///     output_shape(kind, input_shape): throws std::invalid_argument where they do not fit. A node
///     kind that takes several inputs gets all of their shapes.
///     weight_rows(kind): its weights and biases by output channel; none where they are not its
///     own.
/// A node kind also declares:
///     kHasActivation: whether an activation follows its sum.
///     kTakesSeveral: whether it takes two inputs or more, not one.
///     kIsNormalized: whether weight normalization knows what becomes of scales in it.
/// A kind of synapses also declares:
///     kSharesGrid: whether all neurons of a channel have the same weights.
///     add_rows(kind, source, index, incoming): the weights of a channel where they share their
///     grid, of a neuron otherwise.
template <typename Kind>
struct KindTraits;

/// One size of a tensor, as a field of its owner.
template <typename Kind>
class Axis {
  public:
    using Size = std::int64_t Kind::*;
    using Pair = std::array<std::int64_t, 2> Kind::*;

    Axis(Size size) : size_(size) {}
    Axis(Pair pair, std::size_t index) : pair_(pair), index_(index) {}
    /// The part of `size` that each of `parts` has.
    Axis(Size size, Size parts) : size_(size), parts_(parts) {}

    std::int64_t get(const Kind& kind) const {
        if (pair_ != nullptr) {
            return (kind.*pair_)[index_];
        }
        return parts_ == nullptr ? kind.*size_ : kind.*size_ / (kind.*parts_);
    }

    /// Throws:
    ///     std::invalid_argument: the size of all parts does not fit 64 bits.
    void set(Kind& kind, std::int64_t length) const {
        if (pair_ != nullptr) {
            (kind.*pair_)[index_] = length;
            return;
        }
        const std::int64_t parts = parts_ == nullptr ? 1 : kind.*parts_;
        if (parts < 1 || length > std::numeric_limits<std::int64_t>::max() / parts) {
            throw std::invalid_argument(std::to_string(parts) + " groups of " +
                                        std::to_string(length) +
                                        " channels are not a number of channels");
        }
        kind.*size_ = length * parts;
    }

  private:
    Size size_ = nullptr;
    Size parts_ = nullptr;
    Pair pair_ = nullptr;
    std::size_t index_ = 0;
};

}  // namespace pysnn::detail
