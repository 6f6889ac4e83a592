// Nodes and synapses of any kind on their way out of a model file, field by field.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model_file/format.hpp"
#include "model_file/strict_json.hpp"
#include "model_file/tensors.hpp"
#include "nodes/registry.hpp"

namespace pysnn::detail {

/// Visits fields: settings come from `reader`, arrays from `tensors`. Sizes are those of the
/// arrays; whether they fit each other is the network's to check.
template <typename Kind>
class KindReader {
  public:
    /// Args:
    ///     owner: what the names of its tensors begin with.
    ///     version: of the file.
    KindReader(Kind& kind, const std::string& owner, int version, ObjectReader& reader,
               Tensors& tensors)
        : kind_(kind), owner_(owner), version_(version), reader_(reader), tensors_(tensors) {}

    template <typename Value>
    void setting(const char* name, Value Kind::* member, int since = 1) {
        if (version_ >= since) {
            read(name, kind_.*member);
        }
    }

    template <typename Value>
    void optional_setting(const char* name, Value Kind::* member) {
        if (version_ > 1 && reader_.has(name)) {
            read(name, kind_.*member);
        }
    }

    void tensor(const char* name, std::vector<float> Kind::* member,
                std::initializer_list<Axis<Kind>> axes) {
        const std::string full_name = tensor_name(owner_, name);
        const Shape& shape = tensors_.shape(full_name, axes.size());
        std::size_t i = 0;
        for (const Axis<Kind>& axis : axes) {
            axis.set(kind_, shape[i++]);
        }
        kind_.*member = tensors_.take(full_name);
    }

    void optional_tensor(const char* name, std::vector<float> Kind::* member,
                         std::initializer_list<Axis<Kind>> axes) {
        if (!reader_.flag(name)) {
            return;
        }
        Shape expected;
        for (const Axis<Kind>& axis : axes) {
            expected.push_back(axis.get(kind_));
        }
        kind_.*member = tensors_.take(tensor_name(owner_, name), expected);
    }

    void vector(const char* name, std::vector<float> Kind::* member) {
        const std::string full_name = tensor_name(owner_, name);
        tensors_.shape(full_name, 1);
        kind_.*member = tensors_.take(full_name);
    }

    void optional_vector(const char* name, std::vector<float> Kind::* member) {
        if (reader_.flag(name)) {
            vector(name, member);
        }
    }

    void numbers(const char* name, std::vector<double> Kind::* member) {
        kind_.*member = reader_.numbers(name);
    }

  private:
    void read(const char* name, std::int64_t& value) { value = reader_.size(name); }
    void read(const char* name, std::array<std::int64_t, 2>& value) { value = reader_.pair(name); }
    void read(const char* name, bool& value) { value = reader_.flag(name); }
    void read(const char* name, double& value) { value = reader_.number(name); }
    void read(const char* name, float& value) { value = reader_.single(name); }
    void read(const char* name, Padding& value) { value = reader_.padding(name, version_ > 1); }

    Kind& kind_;
    const std::string& owner_;
    int version_;
    ObjectReader& reader_;
    Tensors& tensors_;
};

/// Reads one of the kinds of a variant, a Node or Synapses.
template <typename Variant>
class AnyKindReader;

template <typename... Kinds>
class AnyKindReader<std::variant<Kinds...>> {
  public:
    /// Whether one of the kinds is of this type.
    static bool knows(const std::string& type) {
        return ((type == KindTraits<Kinds>::kType) || ...);
    }

    /// Version of the model file that brought this type, which is known.
    static int since(const std::string& type) {
        int version = 0;
        ((type == KindTraits<Kinds>::kType ? void(version = KindTraits<Kinds>::kSince) : void()),
         ...);
        return version;
    }

    AnyKindReader(const std::string& owner, int version, ObjectReader& reader, Tensors& tensors)
        : owner_(owner), version_(version), reader_(reader), tensors_(tensors) {}

    /// Returns:
    ///     Whether one of the kinds is of this type.
    bool read(const std::string& type, std::variant<Kinds...>& any) {
        return (read_if<Kinds>(type, any) || ...);
    }

  private:
    template <typename Kind>
    bool read_if(const std::string& type, std::variant<Kinds...>& any) {
        if (type != KindTraits<Kind>::kType) {
            return false;
        }
        KindReader<Kind> reader(any.template emplace<Kind>(), owner_, version_, reader_, tensors_);
        KindTraits<Kind>::visit_fields(reader);
        return true;
    }

    const std::string& owner_;
    int version_;
    ObjectReader& reader_;
    Tensors& tensors_;
};

}  // namespace pysnn::detail
