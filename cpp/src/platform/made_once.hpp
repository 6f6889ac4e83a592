// A shared thing that is made when it is first asked for, also across fork().
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

namespace pysnn::detail {

/// Keeps what one thread makes while others wait.
///
/// A lock of the standard library that is held when another thread forks stays locked in the child
/// for ever. This one knows which process holds it: the child, where nobody is left who would
/// finish, makes the thing itself.
class MadeOnce {
  public:
    using Thing = std::shared_ptr<const void>;

    MadeOnce() = default;
    ~MadeOnce() { delete made_.load(); }
    MadeOnce(const MadeOnce&) = delete;
    MadeOnce& operator=(const MadeOnce&) = delete;

    /// The thing, made by `make`, a function without arguments, if there is none yet. What `make`
    /// throws is thrown to the caller; the next one tries again.
    template <typename Make>
    Thing get(Make make) {
        if (const Thing* thing = made_.load(std::memory_order_acquire)) {
            return *thing;
        }
        const Lock lock(maker_);
        if (const Thing* thing = made_.load(std::memory_order_acquire)) {
            return *thing;
        }
        auto thing = std::make_unique<const Thing>(make());
        const Thing copy = *thing;
        made_.store(thing.release(), std::memory_order_release);
        return copy;
    }

  private:
    class Lock {
      public:
        explicit Lock(std::atomic<std::int64_t>& maker);
        ~Lock() { maker_.store(kNobody, std::memory_order_release); }
        Lock(const Lock&) = delete;
        Lock& operator=(const Lock&) = delete;

      private:
        std::atomic<std::int64_t>& maker_;
    };
    static constexpr std::int64_t kNobody = 0;

    std::atomic<const Thing*> made_{nullptr};
    std::atomic<std::int64_t> maker_{kNobody};  // process of the thread that is making the thing
};

}  // namespace pysnn::detail
