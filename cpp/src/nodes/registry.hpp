// All kinds, and what is asked of whichever kind a node or a projection has.
#pragma once

#include <pysnn/synapses.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "nodes/avg_pool2d.hpp"
#include "nodes/checks.hpp"
#include "nodes/conv2d.hpp"
#include "nodes/elementwise/affine.hpp"
#include "nodes/elementwise/batch_norm.hpp"
#include "nodes/elementwise/relu.hpp"
#include "nodes/flatten.hpp"
#include "nodes/identity_synapses.hpp"
#include "nodes/joins.hpp"
#include "nodes/linear.hpp"
#include "nodes/max_pool2d.hpp"
#include "nodes/max_pool_synapses.hpp"
#include "nodes/pad.hpp"
#include "nodes/pool_synapses.hpp"
#include "nodes/weight_rows.hpp"

namespace pysnn::detail {

/// Visits fields: all arrays hold finite values.
template <typename Kind>
class FiniteCheck {
  public:
    FiniteCheck(const Kind& kind, const std::string& where) : kind_(kind), where_(where) {}

    template <typename Value>
    void setting(const char*, Value Kind::*, int = 1) {}
    template <typename Value>
    void optional_setting(const char*, Value Kind::*) {}

    void tensor(const char* name, std::vector<float> Kind::* member,
                std::initializer_list<Axis<Kind>>) {
        vector(name, member);
    }
    void optional_tensor(const char* name, std::vector<float> Kind::* member,
                         std::initializer_list<Axis<Kind>>) {
        vector(name, member);
    }
    void vector(const char* name, std::vector<float> Kind::* member) {
        check_finite(kind_.*member, where_ + " " + name);
    }
    void optional_vector(const char* name, std::vector<float> Kind::* member) {
        vector(name, member);
    }
    void numbers(const char* name, std::vector<double> Kind::* member) {
        check_finite(kind_.*member, where_ + " " + name);
    }

  private:
    const Kind& kind_;
    const std::string& where_;
};

/// Visits fields: both have the same, to the bit, as there are no NaNs and no negative zeros.
template <typename Kind>
class Comparison {
  public:
    Comparison(const Kind& a, const Kind& b) : a_(a), b_(b) {}

    bool is_same() const { return is_same_; }

    template <typename Value>
    void setting(const char*, Value Kind::* member, int = 1) {
        is_same_ = is_same_ && a_.*member == b_.*member;
    }
    template <typename Value>
    void optional_setting(const char* name, Value Kind::* member) {
        setting(name, member);
    }
    void tensor(const char*, std::vector<float> Kind::* member,
                std::initializer_list<Axis<Kind>> axes) {
        for (const Axis<Kind>& axis : axes) {
            is_same_ = is_same_ && axis.get(a_) == axis.get(b_);
        }
        setting("", member);
    }
    void optional_tensor(const char* name, std::vector<float> Kind::* member,
                         std::initializer_list<Axis<Kind>> axes) {
        tensor(name, member, axes);
    }
    void vector(const char*, std::vector<float> Kind::* member) { setting("", member); }
    void optional_vector(const char*, std::vector<float> Kind::* member) { setting("", member); }
    void numbers(const char*, std::vector<double> Kind::* member) { setting("", member); }

  private:
    const Kind& a_;
    const Kind& b_;
    bool is_same_ = true;
};

/// Visits fields: the oldest version of the model file that has room for what they hold.
template <typename Kind>
class OldestVersion {
  public:
    explicit OldestVersion(const Kind& kind) : kind_(kind) {}

    int version() const { return version_; }

    template <typename Value>
    void setting(const char*, Value Kind::* member, int since = 1) {
        if (since > version_ && kind_.*member != default_.*member) {
            version_ = since;
        }
    }
    template <typename Value>
    void optional_setting(const char* name, Value Kind::* member) {
        setting<Value>(name, member, 2);
    }
    // Files of version 1 have room for two numbers.
    void setting(const char* name, Padding Kind::* member, int since = 1) {
        setting<Padding>(name, member, (kind_.*member).is_symmetric() ? since : 2);
    }
    void tensor(const char*, std::vector<float> Kind::*, std::initializer_list<Axis<Kind>>) {}
    void optional_tensor(const char*, std::vector<float> Kind::*,
                         std::initializer_list<Axis<Kind>>) {}
    void vector(const char*, std::vector<float> Kind::*) {}
    void optional_vector(const char*, std::vector<float> Kind::*) {}
    void numbers(const char*, std::vector<double> Kind::*) {}

  private:
    const Kind& kind_;
    const Kind default_{};
    int version_ = KindTraits<Kind>::kSince;
};

/// As OldestVersion says.
///
/// Args:
///     any: a Node or Synapses.
template <typename Variant>
int oldest_version(const Variant& any) {
    return std::visit(
        [](const auto& kind) {
            using Kind = std::decay_t<decltype(kind)>;
            OldestVersion<Kind> visitor(kind);
            KindTraits<Kind>::visit_fields(visitor);
            return visitor.version();
        },
        any);
}

/// Throws std::invalid_argument, with `where` at the beginning of the message.
template <typename Variant>
void check_all_finite(const Variant& any, const std::string& where) {
    std::visit(
        [&](const auto& kind) {
            using Kind = std::decay_t<decltype(kind)>;
            FiniteCheck<Kind> visitor(kind, where);
            KindTraits<Kind>::visit_fields(visitor);
        },
        any);
}

/// To the bit.
template <typename Variant>
bool same_fields(const Variant& a, const Variant& b) {
    return std::visit(
        [](const auto& left, const auto& right) {
            using Kind = std::decay_t<decltype(left)>;
            if constexpr (std::is_same_v<Kind, std::decay_t<decltype(right)>>) {
                Comparison<Kind> visitor(left, right);
                KindTraits<Kind>::visit_fields(visitor);
                return visitor.is_same();
            } else {
                return false;
            }
        },
        a, b);
}

/// Weights and biases by output channel, none of kinds without.
///
/// Args:
///     any: a Node or Synapses.
template <typename Variant>
WeightRows weight_rows(const Variant& any) {
    return std::visit(
        [](const auto& kind) {
            return KindTraits<std::decay_t<decltype(kind)>>::weight_rows(kind);
        },
        any);
}

/// Whether weight normalization knows the kind.
inline bool is_normalized(const Node& node) {
    return std::visit(
        [](const auto& kind) { return KindTraits<std::decay_t<decltype(kind)>>::kIsNormalized; },
        node);
}

inline const char* type_of(const Node& node) {
    return std::visit(
        [](const auto& kind) { return KindTraits<std::decay_t<decltype(kind)>>::kType; }, node);
}

inline bool has_activation(const Node& node) {
    return std::visit(
        [](const auto& kind) { return KindTraits<std::decay_t<decltype(kind)>>::kHasActivation; },
        node);
}

}  // namespace pysnn::detail
