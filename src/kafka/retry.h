// Trying again what may pass: with pauses that grow, and for those items only that need it. Private to this folder.

#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "omashu/result.h"

namespace omashu::kafka {

// The pause before attempt 1, 2, …: it doubles from 50 ms to 1 s; `jitter` from 0 to 1 takes up to half of it away, so
// that clients who failed together do not come back together.
std::chrono::milliseconds backoff_pause(int attempt, double jitter);

class Backoff {
 public:
  int attempts() const { return attempts_; }  // how often wait() was called
  // Sleeps, at most until the deadline.
  void wait(std::chrono::steady_clock::time_point deadline);

 private:
  int attempts_ = 0;
};

// Calls `attempt` with the indices of all items, then with those whose result was kUnavailable, until none is left or
// the time is up. An error of the whole attempt ends it and becomes the result of each item it was about.
template <class T>
std::vector<Result<T>> retry_each(
    size_t count, std::chrono::steady_clock::time_point deadline,
    const std::function<Result<std::vector<Result<T>>>(std::span<const size_t>)>& attempt) {
  std::vector<Result<T>> results(count, fail(ErrorCode::kInternal, "not tried"));
  std::vector<size_t> open(count);
  for (size_t i = 0; i < count; ++i) open[i] = i;
  Backoff backoff;
  while (!open.empty()) {
    Result<std::vector<Result<T>>> answers = attempt(open);
    std::vector<size_t> again;
    for (size_t i = 0; i < open.size(); ++i) {
      results[open[i]] = answers ? std::move((*answers)[i]) : Result<T>(fail(answers.error()));
      const Result<T>& result = results[open[i]];
      if (answers && !result && result.error().code == ErrorCode::kUnavailable) again.push_back(open[i]);
    }
    open = std::move(again);
    if (open.empty() || std::chrono::steady_clock::now() >= deadline) break;
    backoff.wait(deadline);
  }
  return results;
}

}  // namespace omashu::kafka
