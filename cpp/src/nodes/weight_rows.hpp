// The weights of a node by rows, each of which sums up to one output channel.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

namespace pysnn::detail {

/// How many rows of weights there are, and which channels of the source they meet.
struct RowSizes {
    std::int64_t count = 0;
    std::int64_t size = 0;
    std::int64_t count_of_group = 0;  // rows that read the same channels
    // Weights that one row has for each channel of the source; 0 where all are one row of features,
    // of whatever channels.
    std::int64_t size_of_channel = 0;
};

/// Weights and biases of a node.
template <typename Floats>
struct BasicWeightRows {
    Floats* weight = nullptr;  // (count, size); null for a node without weights
    Floats* bias = nullptr;    // (count) or empty
    RowSizes sizes;
};
using WeightRows = BasicWeightRows<const std::vector<float>>;

/// Those of a node that may be changed, or not.
template <typename Kind>
using WeightRowsOf = BasicWeightRows<
    std::conditional_t<std::is_const_v<Kind>, const std::vector<float>, std::vector<float>>>;

/// What kinds without weights by output channel declare of them.
struct WithoutWeightRows {
    template <typename MaybeConst>
    static WeightRowsOf<MaybeConst> weight_rows(MaybeConst&) {
        return {};
    }
};

/// What the nodes without weights declare alike that came with graphs. One that takes several
/// inputs says so itself.
struct GraphNodeTraits : WithoutWeightRows {
    static constexpr int kSince = 2;
    static constexpr bool kHasActivation = false;
    static constexpr bool kTakesSeveral = false;
    static constexpr bool kIsNormalized = false;
};

}  // namespace pysnn::detail
