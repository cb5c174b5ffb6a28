// How far something is, in one line.

#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace omashu::cli {

// "1,234,567"
std::string grouped(int64_t number);

// "status.jsonl  [#########           ]  45%  1,234 records": a bar where `total` is known (not 0).
std::string progress_line(std::string_view what, int64_t done, int64_t total, std::string_view detail);

// "250,000/s, 12 s left": of `count` things in that time, by which `done` of `total` were done. Without `total` (0)
// nobody knows how much is left.
std::string rate_text(int64_t count, int64_t done, int64_t total, std::chrono::nanoseconds elapsed);

// Says when a line is worth drawing: not for what is over in half a second, and then ten times a second at the most.
// The clock is the caller's.
class ProgressPace {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit ProgressPace(Time start) : next_(start + std::chrono::milliseconds(500)) {}
  bool is_due(Time now);

 private:
  Time next_;
};

}  // namespace omashu::cli
