#include "cli/output/progress.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace omashu::cli {

std::string grouped(int64_t number) {
  std::string digits = fmt::format("{}", number);
  const size_t first = digits.starts_with('-') ? 1 : 0;
  for (size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string progress_line(std::string_view what, int64_t done, int64_t total, std::string_view detail) {
  constexpr int64_t kBar = 20;  // columns
  std::string line(what);
  if (total > 0) {
    const double part = static_cast<double>(std::clamp<int64_t>(done, 0, total)) / static_cast<double>(total);
    const auto filled = static_cast<size_t>(part * kBar);
    line += fmt::format("  [{}{}] {:>3.0f}%", std::string(filled, '#'), std::string(kBar - filled, ' '), part * 100);
  }
  if (!detail.empty()) line.append("  ").append(detail);
  return line;
}

std::string rate_text(int64_t count, int64_t done, int64_t total, std::chrono::nanoseconds elapsed) {
  const double seconds = std::max(std::chrono::duration<double>(elapsed).count(), 0.001);
  std::string text = grouped(static_cast<int64_t>(static_cast<double>(count) / seconds)) + "/s";
  if (total <= 0 || done <= 0) return text;
  const double left = seconds * static_cast<double>(std::max<int64_t>(total - done, 0)) / static_cast<double>(done);
  const auto whole = static_cast<int64_t>(std::ceil(left));
  if (whole < 120) return text + fmt::format(", {} s left", whole);
  return text + fmt::format(", {} min left", (whole + 59) / 60);
}

bool ProgressPace::is_due(Time now) {
  if (now < next_) return false;
  next_ = now + std::chrono::milliseconds(100);
  return true;
}

}  // namespace omashu::cli
