#include "inspect/page_start.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "base/shown.h"
#include "base/time_point_text.h"

namespace omashu::inspect {

namespace {

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<PageStart> parse_page_start(std::string_view text, std::string_view topic, int64_t now_ms) {
  if (text == "beginning") return PageStart{.kind = PageStart::Kind::kBeginning};
  if (text == "end") return PageStart{.kind = PageStart::Kind::kEnd};
  if (is_number(text)) {
    PageStart start{.kind = PageStart::Kind::kOffset};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), start.value);
    if (error == std::errc()) return start;
    return fail(ErrorCode::kInvalidArgument, fmt::format("{} is too large for an offset", shown(text)));
  }
  if (text.starts_with(topic) && text.substr(topic.size()).starts_with('-')) {
    auto positions = table::parse_position_set(text);
    if (!positions) return fail(std::move(positions.error()));
    if (positions->topic == topic) return PageStart{.kind = PageStart::Kind::kPositions, .positions = *positions};
  }
  const auto time = parse_time_point(text, now_ms);
  if (time) return PageStart{.kind = PageStart::Kind::kTime, .value = *time};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("{} is no place to start: write beginning, end, an offset, a time (2h, 2026-11-30T08:00Z) or "
                          "the positions of a page of {}",
                          shown(text), topic));
}

}  // namespace omashu::inspect
