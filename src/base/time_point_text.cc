#include "base/time_point_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

#include "base/duration.h"
#include "base/shown.h"

namespace omashu {

namespace {

constexpr int64_t kMs_per_minute = 60'000;
constexpr int64_t kMs_per_day = 86'400'000;
constexpr int64_t kMax_ms = 253'402'300'799'999;  // 9999-12-31T23:59:59.999Z

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads an ISO 8601 time from its start on. A step that does not fit makes the whole text one that is no time.
class IsoReader {
 public:
  explicit IsoReader(std::string_view text) : rest_(text) {}

  std::optional<int64_t> read() {
    const int64_t day_ms = read_date();
    int64_t time_ms = 0;
    int64_t offset_ms = 0;
    if (!rest_.empty()) {
      if (!take('T') && !take('t') && !take(' ')) is_wrong_ = true;
      time_ms = read_time();
      offset_ms = read_offset();
    }
    if (is_wrong_ || !rest_.empty()) return std::nullopt;
    return day_ms + time_ms - offset_ms;
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // So many digits, not above `max`.
  int number(size_t digits, int max) {
    const std::string_view text = rest_.substr(0, digits);
    int value = 0;
    if (text.size() < digits || !std::ranges::all_of(text, is_digit)) {
      is_wrong_ = true;
      return 0;
    }
    std::from_chars(text.data(), text.data() + text.size(), value);
    rest_.remove_prefix(digits);
    if (value > max) is_wrong_ = true;
    return value;
  }

  void expect(char c) {
    if (!take(c)) is_wrong_ = true;
  }

  int64_t read_date() {
    const int year = number(4, 9999);
    expect('-');
    const auto month = static_cast<unsigned>(number(2, 12));
    expect('-');
    const auto day = static_cast<unsigned>(number(2, 31));
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (!date.ok()) is_wrong_ = true;
    return is_wrong_ ? 0 : std::chrono::sys_days(date).time_since_epoch().count() * kMs_per_day;
  }

  int64_t read_time() {
    int64_t ms = number(2, 23) * 60 * kMs_per_minute;
    expect(':');
    ms += number(2, 59) * kMs_per_minute;
    if (!take(':')) return ms;
    ms += number(2, 59) * int64_t{1'000};
    if (!take('.') && !take(',')) return ms;
    if (rest_.empty() || !is_digit(rest_[0])) is_wrong_ = true;
    // What lies below a millisecond is dropped.
    for (int64_t unit = 100; !rest_.empty() && is_digit(rest_[0]); unit /= 10, rest_.remove_prefix(1)) {
      ms += (rest_[0] - '0') * unit;
    }
    return ms;
  }

  int64_t read_offset() {
    if (take('Z') || take('z') || rest_.empty()) return 0;
    const bool is_west = take('-');
    if (!is_west) expect('+');
    int64_t minutes = number(2, 18) * 60;
    take(':');
    minutes += number(2, 59);
    return (is_west ? -minutes : minutes) * kMs_per_minute;
  }

  std::string_view rest_;
  bool is_wrong_ = false;
};

std::optional<int64_t> read_time_ago(std::string_view text, int64_t now_ms) {
  if (text == "now") return now_ms;
  constexpr std::string_view kAgo = " ago";
  if (text.ends_with(kAgo)) text.remove_suffix(kAgo.size());
  if (text.empty() || is_digit(text.back())) return std::nullopt;  // a bare number is no duration here
  const auto duration = parse_duration(text);
  if (!duration) return std::nullopt;
  return std::max<int64_t>(0, now_ms - duration->count());
}

std::optional<int64_t> read_epoch_ms(std::string_view text) {
  int64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return ms;
}

}  // namespace

Result<int64_t> parse_time_point(std::string_view text, int64_t now_ms) {
  std::optional<int64_t> time = read_time_ago(text, now_ms);
  if (!time) time = read_epoch_ms(text);
  if (!time) time = IsoReader(text).read();
  if (time && *time >= 0 && *time <= kMax_ms) return *time;
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("{} is no time: write 2h (ago), 2026-11-30T08:00Z, or milliseconds since 1970", shown(text)));
}

int64_t current_time_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace omashu
