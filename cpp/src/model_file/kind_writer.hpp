// Nodes and synapses of any kind on their way into a model file, field by field.
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/array.hpp"
#include "model_file/format.hpp"
#include "model_file/tensor_list.hpp"
#include "nodes/registry.hpp"

namespace pysnn::detail {

/// Visits fields: settings go into `entry`, arrays into `tensors`.
template <typename Kind>
class KindWriter {
  public:
    /// Args:
    ///     owner: what the names of its tensors begin with.
    ///     version: of the file.
    KindWriter(const Kind& kind, const std::string& owner, int version, nlohmann::json& entry,
               TensorList& tensors)
        : kind_(kind), owner_(owner), version_(version), entry_(entry), tensors_(tensors) {}

    template <typename Value>
    void setting(const char* name, Value Kind::* member, int since = 1) {
        if (version_ >= since) {
            entry_[name] = to_json(kind_.*member);
        }
    }

    template <typename Value>
    void optional_setting(const char* name, Value Kind::* member) {
        const Kind with_default{};
        if (kind_.*member != with_default.*member) {
            entry_[name] = to_json(kind_.*member);
        }
    }

    void tensor(const char* name, std::vector<float> Kind::* member,
                std::initializer_list<Axis<Kind>> axes) {
        Shape shape;
        for (const Axis<Kind>& axis : axes) {
            shape.push_back(axis.get(kind_));
        }
        tensors_.add(tensor_name(owner_, name), std::move(shape), kind_.*member);
    }

    void optional_tensor(const char* name, std::vector<float> Kind::* member,
                         std::initializer_list<Axis<Kind>> axes) {
        entry_[name] = !(kind_.*member).empty();
        if (!(kind_.*member).empty()) {
            tensor(name, member, axes);
        }
    }

    void vector(const char* name, std::vector<float> Kind::* member) {
        const std::vector<float>& values = kind_.*member;
        tensors_.add(tensor_name(owner_, name), {detail::size_of(values)}, values);
    }

    void optional_vector(const char* name, std::vector<float> Kind::* member) {
        entry_[name] = !(kind_.*member).empty();
        if (!(kind_.*member).empty()) {
            vector(name, member);
        }
    }

    void numbers(const char* name, std::vector<double> Kind::* member) {
        entry_[name] = kind_.*member;
    }

  private:
    template <typename Value>
    static nlohmann::json to_json(const Value& value) {
        return value;
    }
    static nlohmann::json to_json(const Padding& padding) {
        if (padding.is_symmetric()) {
            return {padding.top, padding.left};
        }
        return {padding.top, padding.bottom, padding.left, padding.right};
    }

    const Kind& kind_;
    const std::string& owner_;
    int version_;
    nlohmann::json& entry_;
    TensorList& tensors_;
};

/// Writes a Node or Synapses.
template <typename Variant>
void write_kind(const Variant& any, const std::string& owner, int version, nlohmann::json& entry,
                TensorList& tensors) {
    std::visit(
        [&](const auto& kind) {
            using Kind = std::decay_t<decltype(kind)>;
            entry["type"] = KindTraits<Kind>::kType;
            KindWriter<Kind> writer(kind, owner, version, entry, tensors);
            KindTraits<Kind>::visit_fields(writer);
        },
        any);
}

}  // namespace pysnn::detail
