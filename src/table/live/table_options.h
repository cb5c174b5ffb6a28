// What users say of a table that is kept up to date.

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"

namespace omashu::table {

// When rows are over: so long after the time of their record, or after that of a field of the value.
struct TimeToLive {
  std::chrono::milliseconds duration{0};
  std::optional<std::string> field = {};  // a timestamp or date; a row without it stays
  bool writes_tombstones = false;         // else rows are hidden, and the topic keeps them
};

// `7d`, `7d,updatedAt`, as `ttl=` has it.
Result<TimeToLive> parse_time_to_live(std::string_view text);

struct TableOptions {
  std::string topic;
  std::vector<std::string> indexes = {};  // fields of the value: "status", "source.url"
  std::optional<TimeToLive> ttl = {};
  std::vector<std::string> board = {};  // fields of the dashboard's board, in the order of provision::kBoardFields
};

}  // namespace omashu::table
