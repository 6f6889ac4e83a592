// What every op is given beside its own settings.
#pragma once

#include <functional>

#include "base/array.hpp"
#include "engine/cpu/sample_slot.hpp"

namespace pysnn::detail {

/// The samples at work, and when to end.
struct OpContext {
    const Array<SampleSlot*>& slots;
    const std::function<bool()>& must_stop;  // asked now and then; true ends the op early
};

}  // namespace pysnn::detail
