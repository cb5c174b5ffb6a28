// Memory that the connections of a server share for requests that are still coming. Thread-safe.

#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace omashu::net {

class MemoryBudget {
 public:
  explicit MemoryBudget(uint64_t max_bytes) : max_bytes_(max_bytes) {}

  // What one request has taken; given back when it is destroyed or released.
  class Share {
   public:
    explicit Share(MemoryBudget& budget) : budget_(budget) {}
    ~Share() { release(); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    // Whether the share has these bytes now. It takes them once: a request that has its share keeps it until release().
    // A single request is always admitted, even above the limit; otherwise it could never be served.
    bool take(uint64_t bytes) {
      if (bytes_ > 0) return true;
      const uint64_t others = budget_.used_.fetch_add(bytes);
      if (others > 0 && others + bytes > budget_.max_bytes_) {
        budget_.used_ -= bytes;
        return false;
      }
      bytes_ = bytes;
      return true;
    }

    void release() { budget_.used_ -= std::exchange(bytes_, 0); }

   private:
    MemoryBudget& budget_;
    uint64_t bytes_ = 0;
  };

 private:
  const uint64_t max_bytes_;
  std::atomic<uint64_t> used_ = 0;
};

}  // namespace omashu::net
