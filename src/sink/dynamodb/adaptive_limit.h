// How many requests are sent at once: one more for each round that went well, half where the service throttles
// (additive increase, multiplicative decrease). Not thread-safe.

#pragma once

#include <algorithm>
#include <cstdint>

namespace omashu::sink::dynamodb {

class AdaptiveLimit {
 public:
  explicit AdaptiveLimit(int max) : max_(std::max(max, 1)), limit_(max_) {}

  int limit() const { return static_cast<int>(limit_); }

  // To be remembered with a request when it is sent.
  uint64_t round() const { return round_; }

  void on_success() { limit_ = std::min<double>(max_, limit_ + 1 / limit_); }

  // Requests that were sent together are throttled together: they halve it once.
  void on_throttle(uint64_t sent_in_round) {
    if (sent_in_round != round_) return;
    ++round_;
    limit_ = std::max(1.0, limit_ / 2);
  }

 private:
  const int max_;
  double limit_;
  uint64_t round_ = 0;
};

}  // namespace omashu::sink::dynamodb
