// The one form that equal values have, so that equal networks compare equal and have equal files.
#pragma once

#include <vector>

namespace pysnn::detail {

/// Keeps one value where all are equal; zeros become positive ones.
template <typename Value>
void make_canonical(std::vector<Value>& values) {
    for (Value& value : values) {
        value += Value{0};
    }
    for (const Value value : values) {
        if (value != values.front()) {
            return;
        }
    }
    values.resize(values.empty() ? 0 : 1);
}

}  // namespace pysnn::detail
