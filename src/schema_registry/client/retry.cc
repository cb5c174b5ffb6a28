#include "schema_registry/client/retry.h"

#include <algorithm>
#include <utility>

namespace omashu::schema_registry {

namespace {

using std::chrono::milliseconds;
using Kind = AttemptOutcome::Kind;

constexpr int kMaxServerErrors = 3;  // repetitions after a 500, as Confluent's clients have it

bool is_away(const AttemptOutcome& outcome) {
  if (outcome.kind == Kind::kNoAnswer || outcome.kind == Kind::kTimedOut) return true;
  return outcome.kind == Kind::kAnswered && (outcome.status == 502 || outcome.status == 503 || outcome.status == 504);
}

}  // namespace

milliseconds RetryPlan::attempt_timeout(TimePoint now) const {
  // Whether somebody is there is not known before the attempt has ended, so that it may take what is left for an
  // answer.
  const auto left = std::chrono::duration_cast<milliseconds>(*deadline_ - now);
  const auto urls_left = static_cast<milliseconds::rep>(url_count_ - away_in_round_);
  return std::clamp(left / urls_left, milliseconds(1), std::max(options_.attempt_timeout, milliseconds(1)));
}

std::optional<milliseconds> RetryPlan::next(const AttemptOutcome& outcome, TimePoint now, double random) {
  ++attempts_;
  was_connected_ = was_connected_ || outcome.was_connected;
  if (is_away(outcome)) {
    retry_after_in_round_ = std::max(retry_after_in_round_, outcome.retry_after);
    url_ = (url_ + 1) % url_count_;
    if (++away_in_round_ < url_count_) return now < last_moment() ? std::optional(milliseconds(0)) : std::nullopt;
    away_in_round_ = 0;
    return wait(std::exchange(retry_after_in_round_, milliseconds(0)), now, random);
  }
  if (outcome.kind == Kind::kHopeless) {
    url_ = (url_ + 1) % url_count_;
    return ++away_in_round_ < url_count_ ? std::optional(milliseconds(0)) : std::nullopt;
  }
  if (outcome.kind != Kind::kAnswered) return std::nullopt;
  if (outcome.status == 408 || outcome.status == 429) return wait(outcome.retry_after, now, random);
  if (outcome.status == 500 && ++server_errors_ <= kMaxServerErrors) return wait(outcome.retry_after, now, random);
  return std::nullopt;
}

std::optional<milliseconds> RetryPlan::wait(milliseconds at_least, TimePoint now, double random) {
  const int doublings = std::min(waits_++, 20);
  const milliseconds longest = std::min(options_.first_backoff * (int64_t{1} << doublings), options_.longest_backoff);
  const auto jittered = milliseconds(static_cast<int64_t>(static_cast<double>(longest.count()) * (0.5 + random / 2)));
  const milliseconds result = std::max(jittered, at_least);
  if (now + result >= last_moment()) return std::nullopt;
  return result;
}

}  // namespace omashu::schema_registry
