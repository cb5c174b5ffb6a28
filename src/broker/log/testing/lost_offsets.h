// The offsets that a log's reports say are lost.

#pragma once

#include <cstdint>
#include <regex>
#include <string>
#include <vector>

#include "base/offset.h"

namespace omashu::broker {

struct OffsetRange {
  Offset first{0};
  Offset last{0};

  bool contains(Offset offset) const { return offset >= first && offset <= last; }
};

inline std::vector<OffsetRange> lost_offsets(const std::vector<std::string>& reports) {
  static const std::regex pattern("the offsets? ([0-9]+)(?: to ([0-9]+))? (?:is|are) lost");
  static const std::regex open_pattern("the offsets from ([0-9]+) on are lost");
  static const std::regex torn_pattern("after offset (-?[0-9]+).*a write was not finished");
  std::vector<OffsetRange> lost;
  std::smatch match;
  for (const std::string& report : reports) {
    if (std::regex_search(report, match, torn_pattern)) {
      lost.push_back({Offset{std::stoll(match[1]) + 1}, kMaxOffset});
    } else if (std::regex_search(report, match, open_pattern)) {
      lost.push_back({Offset{std::stoll(match[1])}, kMaxOffset});
    } else if (std::regex_search(report, match, pattern)) {
      const Offset first{std::stoll(match[1])};
      lost.push_back({first, match[2].matched ? Offset{std::stoll(match[2])} : first});
    }
  }
  return lost;
}

}  // namespace omashu::broker
