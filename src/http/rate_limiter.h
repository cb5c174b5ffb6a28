// How often a client may ask: so many requests a second, and so many at once after a pause.
//
// One number is kept for each client that has asked lately: when its bucket will be full again (the generic cell rate
// algorithm). How many clients are kept is bounded. Thread-safe.

#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/mutex.h"

namespace omashu::http {

struct RateLimit {
  double requests_per_second = 0;  // 0: no limit
  int burst = 1;                   // requests at once
};

class RateLimiter {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit RateLimiter(RateLimit limit, size_t max_clients = 100'000);

  // Counts a request. Where it is one too many, how long the client has to wait for the next one.
  std::optional<std::chrono::milliseconds> count(const std::string& client, Time now) EXCLUDES(mutex_);

  size_t clients() const EXCLUDES(mutex_);

 private:
  void forget(Time now) REQUIRES(mutex_);

  const bool is_on_;
  const size_t max_clients_;
  const std::chrono::nanoseconds interval_{0};   // between requests
  const std::chrono::nanoseconds tolerance_{0};  // so much earlier a request may come

  mutable Mutex mutex_;
  std::unordered_map<std::string, Time> full_at_ GUARDED_BY(mutex_);
};

// What a client is told apart by: its address, of IPv6 the network of 64 bits that one subscriber has.
std::string client_of_address(std::string_view address);

}  // namespace omashu::http
