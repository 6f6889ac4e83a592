// Process numbers from the system.

#include "platform/process.hpp"

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif

namespace pysnn::detail {

std::int64_t process_id() noexcept {
#if defined(__unix__) || defined(__APPLE__)
    return getpid();
#else
    return 1;
#endif
}

namespace {

const std::int64_t kLoadingProcess = process_id();

}  // namespace

bool is_forked_child() noexcept { return process_id() != kLoadingProcess; }

}  // namespace pysnn::detail
