#include "base/duration.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cstdint>

namespace omashu {

namespace {

struct Unit {
  std::string_view name;
  int64_t ms;
};
constexpr std::array kUnits = {
    Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1'000}, Unit{"ms", 1},
};
constexpr int64_t kLongest_ms = int64_t{1'000} * 366 * 86'400'000;

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto refuse = [&] {
    return fail(ErrorCode::kInvalidArgument, fmt::format("'{}' is no duration: write 500ms, 30s, 2m, 1h or 7d", text));
  };
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || number < 0) return refuse();
  std::string_view unit(stop, static_cast<size_t>(end - stop));
  if (unit.empty()) unit = "s";
  for (const Unit& known : kUnits) {
    if (known.name != unit) continue;
    if (number > kLongest_ms / known.ms) return refuse();
    return std::chrono::milliseconds(number * known.ms);
  }
  return refuse();
}

std::string duration_text(std::chrono::milliseconds duration) {
  for (const Unit& unit : kUnits) {
    if (duration.count() != 0 && duration.count() % unit.ms == 0) {
      return fmt::format("{}{}", duration.count() / unit.ms, unit.name);
    }
  }
  return "0s";
}

}  // namespace omashu
