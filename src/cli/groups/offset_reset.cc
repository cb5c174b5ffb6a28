#include "cli/groups/offset_reset.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/shown.h"
#include "base/time_point_text.h"
#include "base/topic_name.h"

namespace omashu::cli {

namespace {

using Kind = ResetTarget::Kind;

constexpr int kMaxPartition = 1'000'000;

template <class Number>
std::optional<Number> read_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Never outside what an offset can be.
int64_t shifted(int64_t offset, int64_t by) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  if (by > 0 && offset > kMax - by) return kMax;
  return std::max<int64_t>(0, offset + by);
}

Result<void> add_range(std::string_view text, std::vector<kafka::PartitionId>& partitions) {
  const size_t dash = text.find('-');
  const auto first = read_number<kafka::PartitionId>(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : read_number<kafka::PartitionId>(text.substr(dash + 1));
  if (!first || !last || *first < 0 || *last < *first || *last > kMaxPartition) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{} is no partition: write TOPIC:0,2-4", shown(text)));
  }
  for (kafka::PartitionId partition = *first; partition <= *last; ++partition) partitions.push_back(partition);
  return {};
}

std::unexpected<Error> nothing_committed(const PartitionState& state, std::string_view what) {
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("{}-{}: the group has committed no offset that could be {}: give another --to, or leave the "
                          "partition out",
                          state.partition.topic, state.partition.partition, what));
}

}  // namespace

Result<ResetTarget> parse_reset_target(std::string_view text, int64_t now_ms) {
  if (text == "earliest") return ResetTarget{Kind::kEarliest};
  if (text == "latest") return ResetTarget{Kind::kLatest};
  if (text == "current") return ResetTarget{Kind::kCurrent};
  if (text.starts_with('+') || text.starts_with('-')) {
    const auto by = read_number<int64_t>(text.substr(text.starts_with('+') ? 1 : 0));
    if (by && *by > -std::numeric_limits<int64_t>::max()) return ResetTarget{Kind::kShift, *by};
  } else if (const auto offset = read_number<int64_t>(text)) {
    return ResetTarget{Kind::kOffset, *offset};
  } else if (const auto time = parse_time_point(text, now_ms)) {
    return ResetTarget{Kind::kTime, *time};
  }
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("{} is no place to go to: write earliest, latest, an offset, +N or -N, or a time such as 2h "
                          "(ago) or 2026-11-30T08:00Z",
                          shown(text)));
}

Result<PartitionChoice> parse_partition_choice(std::string_view text) {
  const size_t colon = text.find(':');
  PartitionChoice choice{.topic = std::string(text.substr(0, colon)), .partitions = {}};
  if (const auto problem = topic_name_problem(choice.topic)) return fail(ErrorCode::kInvalidArgument, *problem);
  if (colon == std::string_view::npos) return choice;
  for (std::string_view rest = text.substr(colon + 1);;) {
    const size_t comma = rest.find(',');
    if (auto added = add_range(rest.substr(0, comma), choice.partitions); !added) {
      return fail(std::move(added.error()));
    }
    if (choice.partitions.size() > kMaxPartition) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("{}: these are too many partitions", choice.topic));
    }
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  std::ranges::sort(choice.partitions);
  const auto repeated = std::ranges::unique(choice.partitions);
  choice.partitions.erase(repeated.begin(), repeated.end());
  return choice;
}

Result<OffsetChange> plan_reset(const ResetTarget& target, const PartitionState& state) {
  OffsetChange change{.partition = state.partition, .before = state.committed, .after = 0, .note = ""};
  int64_t wanted = 0;
  switch (target.kind) {
    case Kind::kEarliest: wanted = state.begin; break;
    case Kind::kLatest: wanted = state.end; break;
    case Kind::kOffset: wanted = target.value; break;
    case Kind::kTime:
      wanted = state.at_time.value_or(state.end);
      if (!state.at_time) change.note = "no record is that new: the end";
      break;
    case Kind::kCurrent:
      if (!state.committed) return nothing_committed(state, "kept");
      wanted = *state.committed;
      break;
    case Kind::kShift:
      if (!state.committed) return nothing_committed(state, "shifted");
      wanted = shifted(*state.committed, target.value);
      break;
  }
  change.after = std::clamp(wanted, state.begin, std::max(state.begin, state.end));
  if (wanted < state.begin) change.note = fmt::format("{} is gone: the first offset there is", wanted);
  if (wanted > state.end) change.note = fmt::format("{} is not written yet: the end", wanted);
  return change;
}

}  // namespace omashu::cli
