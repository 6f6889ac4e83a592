// Which process this is: a child of fork() has the parent's memory, but not its threads.
#pragma once

#include <cstdint>

namespace pysnn::detail {

/// Number of this process; 1 where the system knows no fork().
std::int64_t process_id() noexcept;

/// True in a child of fork() of the process that loaded the library.
bool is_forked_child() noexcept;

}  // namespace pysnn::detail
