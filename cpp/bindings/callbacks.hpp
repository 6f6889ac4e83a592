// Callbacks from the core into Python.
#pragma once

#include <functional>
#include <optional>

namespace pysnn::bindings {

using Progress = std::optional<std::function<void(double)>>;

/// The callback with the GIL held; nothing where there is none.
std::function<void(double)> with_gil(Progress progress);

/// For should_stop. Ctrl-C: a signal handler's exception ends the call.
bool signal_arrived();

}  // namespace pysnn::bindings
