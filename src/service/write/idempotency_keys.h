// Requests that carry an Idempotency-Key, and the answers that they got: who asks again gets the same answer, and
// nothing is written a second time.
//
// Bounded in time and memory: the oldest answers go first, whatever their age, when there are too many. Kept in memory:
// a server that was restarted knows none. Thread-safe.

#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "http/message.h"

namespace omashu::service {

class IdempotencyKeys {
 public:
  using Digest = std::array<uint8_t, 32>;
  using OnAnswer = std::function<void(const http::Response&)>;

  struct Options {
    std::chrono::seconds keep_for = std::chrono::hours(24);
    size_t max_keys = 100'000;
    size_t max_bytes = 32 << 20;
    std::function<std::chrono::steady_clock::time_point()> now = &std::chrono::steady_clock::now;
  };

  explicit IdempotencyKeys(Options options) : options_(std::move(options)) {}

  enum class Standing : uint8_t {
    kNew,           // it is to be done; finish() follows
    kSame,          // it was done, or is being done: on_answer is called, now or then
    kOtherRequest,  // the key was used for another request
  };
  Standing begin(const std::string& key, const Digest& request, OnAnswer on_answer) EXCLUDES(mutex_);

  // Those who asked meanwhile get the answer too; it is kept where it `is_final`, else the next one is done anew.
  void finish(const std::string& key, const http::Response& response, bool is_final) EXCLUDES(mutex_);

  size_t size() const EXCLUDES(mutex_);

 private:
  struct Entry {
    Digest request{};
    bool is_answered = false;
    http::Response response = {};
    std::vector<OnAnswer> waiting = {};
    std::chrono::steady_clock::time_point answered = {};
    size_t bytes = 0;
  };

  void make_room() REQUIRES(mutex_);

  const Options options_;
  mutable Mutex mutex_;
  std::unordered_map<std::string, Entry> entries_ GUARDED_BY(mutex_);
  std::list<std::string> by_age_ GUARDED_BY(mutex_);  // those that are answered, the oldest first
  size_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace omashu::service
