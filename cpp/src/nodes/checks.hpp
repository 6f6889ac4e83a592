// Checks that several kinds, networks and the model file share.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <pysnn/node.hpp>
#include <string>
#include <vector>

#include "nodes/kind.hpp"

namespace pysnn::detail {

// All throw std::invalid_argument with `name` at the beginning of the message.
void check_shape(const Shape& shape, const std::string& name);
void check_image(const Shape& shape, const char* name);
void check_finite(const std::vector<float>& values, const std::string& name);
void check_finite(const std::vector<double>& values, const std::string& name);
void check_at_least(std::int64_t value, std::int64_t least, const std::string& name);
void check_at_least(const std::array<std::int64_t, 2>& pair, std::int64_t least,
                    const std::string& name);
/// At least 1, and small enough that products of two do not overflow.
void check_window_size(const std::array<std::int64_t, 2>& pair, const std::string& name);
/// At least 0, and small enough that sums of them do not overflow.
void check_padding(const Padding& padding, const std::string& name);
void check_size(std::size_t got, std::int64_t expected, const std::string& name);

/// Names stand in the model file before a '/', beside the key "__metadata__".
void check_name(const std::string& name, const char* what);

/// Visits fields: each array has as many values as its axes say.
template <typename Kind>
class SizeCheck {
  public:
    explicit SizeCheck(const Kind& kind) : kind_(kind) {}

    template <typename Value>
    void setting(const char*, Value Kind::*, int = 1) {}
    template <typename Value>
    void optional_setting(const char*, Value Kind::*) {}

    void tensor(const char* name, std::vector<float> Kind::* member,
                std::initializer_list<Axis<Kind>> axes) {
        Shape shape;
        for (const Axis<Kind>& axis : axes) {
            shape.push_back(axis.get(kind_));
        }
        check_size((kind_.*member).size(), num_elements(shape),
                   std::string(KindTraits<Kind>::kType) + " " + name);
    }

    void optional_tensor(const char* name, std::vector<float> Kind::* member,
                         std::initializer_list<Axis<Kind>> axes) {
        if (!(kind_.*member).empty()) {
            tensor(name, member, axes);
        }
    }

    // Kinds check the sizes of these by themselves.
    void vector(const char*, std::vector<float> Kind::*) {}
    void optional_vector(const char*, std::vector<float> Kind::*) {}
    void numbers(const char*, std::vector<double> Kind::*) {}

  private:
    const Kind& kind_;
};

template <typename Kind>
void check_sizes(const Kind& kind) {
    SizeCheck<Kind> check(kind);
    KindTraits<Kind>::visit_fields(check);
}

}  // namespace pysnn::detail
