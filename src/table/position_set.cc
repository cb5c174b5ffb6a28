#include "table/position_set.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/shown.h"
#include "base/topic_name.h"

namespace omashu::table {

namespace {

std::unexpected<Error> refuse(std::string_view text, std::string_view why) {
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("{} is no position: {}; write topic-partition-offset, as status-download-2-17, with further "
                          "partitions behind commas, as status-download-0-12,2-17",
                          shown(text), why));
}

// Takes the decimal number from the end of the text; nothing where there is none, or one that is too large. The way in
// which numbers are written is one: without a sign or zeros before it.
template <class Number>
std::optional<Number> take_number(std::string_view& text) {
  const size_t last_other = text.find_last_not_of("0123456789");
  const std::string_view digits = text.substr(last_other == std::string_view::npos ? 0 : last_other + 1);
  Number number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
  text.remove_suffix(digits.size());
  return number;
}

bool take_hyphen(std::string_view& text) {
  if (!text.ends_with('-')) return false;
  text.remove_suffix(1);
  return true;
}

// Takes `2-17` from the end.
std::optional<Position> take_position(std::string_view& text) {
  const auto offset = take_number<kafka::Offset>(text);
  if (!offset || !take_hyphen(text)) return std::nullopt;
  const auto partition = take_number<kafka::PartitionId>(text);
  if (!partition) return std::nullopt;
  return Position{.partition = *partition, .offset = *offset};
}

}  // namespace

bool PositionSet::contains(const Position& position) const {
  const auto found = offsets.find(position.partition);
  return found != offsets.end() && found->second >= position.offset;
}

bool PositionSet::contains(const PositionSet& other) const {
  return topic == other.topic && std::ranges::all_of(other.offsets, [this](const auto& place) {
           return contains(Position{.partition = place.first, .offset = place.second});
         });
}

void PositionSet::merge(const PositionSet& other) {
  for (const auto& [partition, offset] : other.offsets) {
    const auto [place, is_new] = offsets.emplace(partition, offset);
    if (!is_new) place->second = std::max(place->second, offset);
  }
}

Result<PositionSet> parse_position_set(std::string_view text) {
  PositionSet positions;
  std::string_view rest = text;
  if (!take_hyphen(rest)) {
    for (;;) {
      const auto position = take_position(rest);
      if (!position) return refuse(text, "a partition and an offset are missing");
      if (!positions.offsets.emplace(position->partition, position->offset).second) {
        return refuse(text, fmt::format("partition {} is there twice", position->partition));
      }
      if (positions.offsets.size() > kMaxPositions) {
        return refuse(text, fmt::format("it has more than {} partitions", kMaxPositions));
      }
      if (!rest.ends_with(',')) break;
      rest.remove_suffix(1);
    }
    if (!take_hyphen(rest)) return refuse(text, "no topic stands before the partition");
  }
  if (auto problem = topic_name_problem(rest)) return refuse(text, *problem);
  positions.topic = rest;
  return positions;
}

std::string position_set_text(const PositionSet& positions) {
  std::string text = positions.topic + "-";
  for (const auto& [partition, offset] : positions.offsets) text += fmt::format("{}-{},", partition, offset);
  if (!positions.offsets.empty()) text.pop_back();
  return text;
}

std::string position_text(std::string_view topic, const Position& position) {
  return fmt::format("{}-{}-{}", topic, position.partition, position.offset);
}

}  // namespace omashu::table
