#include "cli/output/time_column.h"

#include <algorithm>
#include <string_view>

namespace omashu::cli {

namespace {

constexpr size_t kDate = 10;     // "2026-11-30"
constexpr size_t kSeconds = 19;  // "2026-11-30T08:15:00"

bool is_time(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd";
  if (text.size() <= kSeconds || text.back() != 'Z') return false;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (size_t i = 0; i < kSeconds; ++i) {
    if (kForm[i] == 'd' ? !is_digit(text[i]) : text[i] != kForm[i]) return false;
  }
  if (text.size() == kSeconds + 1) return true;
  return text[kSeconds] == '.' && std::ranges::all_of(text.substr(kSeconds + 1, text.size() - kSeconds - 2), is_digit);
}

bool has_fraction(std::string_view time) {
  return time.substr(kSeconds).find_first_of("123456789") != std::string_view::npos;
}

}  // namespace

void shorten_times(std::string& title, const std::vector<std::string*>& cells) {
  std::string date;
  bool shares_date = true, is_whole = true;
  for (const std::string* cell : cells) {
    if (cell->empty()) continue;
    if (!is_time(*cell)) return;
    if (date.empty()) date = cell->substr(0, kDate);
    shares_date = shares_date && cell->starts_with(date);
    is_whole = is_whole && !has_fraction(*cell);
  }
  if (date.empty()) return;
  if (shares_date) title += " " + date;
  for (std::string* cell : cells) {
    if (cell->empty()) continue;
    if (is_whole) *cell = cell->substr(0, kSeconds) + "Z";
    if (shares_date) cell->erase(0, kDate + 1);
  }
}

}  // namespace omashu::cli
