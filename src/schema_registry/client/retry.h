// When to repeat a request, and where: a state machine without clock or socket.
//
// A server that is away (no connection, no answer in time, 502, 503, 504) makes the next URL the one to ask, at once;
// when all have been asked, the plan waits and goes round again until the time is up. A server that is there but cannot
// now (408, 429, 500) is asked again after a wait; 500 at most three times, since it is often a fault that stays.

#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>

#include "http_client/http_job.h"

namespace omashu::schema_registry {

using http_client::AttemptOutcome;

struct RetryOptions {
  std::chrono::milliseconds attempt_timeout;
  std::chrono::milliseconds first_backoff;
  std::chrono::milliseconds longest_backoff;
  std::chrono::milliseconds unreachable_timeout;  // given up after, where no URL took a connection all that time
};

class RetryPlan {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  RetryPlan(const RetryOptions& options, size_t url_count, size_t first_url)
      : options_(options), url_count_(url_count), url_(first_url) {}

  // The time runs from here. Called once, before the first attempt.
  void start(TimePoint now, std::chrono::milliseconds timeout) {
    deadline_ = now + timeout;
    unreachable_deadline_ = now + std::min(timeout, options_.unreachable_timeout);
  }
  bool has_started() const { return deadline_.has_value(); }

  size_t url() const { return url_; }
  int attempts() const { return attempts_; }

  // The time that the next attempt may take: what is left, shared by the URLs that this round has still to ask.
  std::chrono::milliseconds attempt_timeout(TimePoint now) const;

  // The wait before the next attempt; nothing where the outcome stands. `random` is from [0, 1).
  std::optional<std::chrono::milliseconds> next(const AttemptOutcome& outcome, TimePoint now, double random);

 private:
  TimePoint last_moment() const { return was_connected_ ? *deadline_ : unreachable_deadline_; }
  std::optional<std::chrono::milliseconds> wait(std::chrono::milliseconds at_least, TimePoint now, double random);

  RetryOptions options_;
  size_t url_count_;
  size_t url_;
  std::optional<TimePoint> deadline_;
  TimePoint unreachable_deadline_;
  bool was_connected_ = false;  // one of the attempts
  int attempts_ = 0;
  int server_errors_ = 0;
  size_t away_in_round_ = 0;                           // URLs found away since the last wait
  std::chrono::milliseconds retry_after_in_round_{0};  // the longest that one of them asked for
  int waits_ = 0;
};

}  // namespace omashu::schema_registry
