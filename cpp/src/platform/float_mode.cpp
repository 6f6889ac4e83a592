// The control registers behind FloatMode.

#include "platform/float_mode.hpp"

#if defined(__x86_64__) || defined(_M_X64) || defined(__SSE__)
#define PYSNN_HAS_MXCSR 1
#include <xmmintrin.h>
#endif

namespace pysnn::detail {
namespace {

#if defined(PYSNN_HAS_MXCSR)

constexpr std::uint64_t kFlags = 0x3F;      // what has happened so far
constexpr std::uint64_t kDefault = 0x1F80;  // exceptions masked, nearest, denormals honoured
std::uint64_t get() { return _mm_getcsr(); }
void set(std::uint64_t mode) { _mm_setcsr(static_cast<unsigned>(mode)); }

#elif defined(__aarch64__) && defined(__GNUC__)

constexpr std::uint64_t kFlags = 0;  // those are in a register of their own
constexpr std::uint64_t kDefault = 0;
std::uint64_t get() {
    std::uint64_t mode = 0;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    return mode;
}
void set(std::uint64_t mode) { __asm__ volatile("msr fpcr, %0" : : "r"(mode)); }

#else

constexpr std::uint64_t kFlags = 0;
constexpr std::uint64_t kDefault = 0;
std::uint64_t get() { return kDefault; }
void set(std::uint64_t) {}

#endif

}  // namespace

FloatMode::FloatMode() noexcept : before_(get()) {
    if ((before_ & ~kFlags) != kDefault) {
        set((before_ & kFlags) | kDefault);
    }
}

FloatMode::~FloatMode() {
    if ((before_ & ~kFlags) != kDefault) {
        set((get() & kFlags) | (before_ & ~kFlags));
    }
}

}  // namespace pysnn::detail
