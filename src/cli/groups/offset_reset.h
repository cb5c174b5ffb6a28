// Where `omashu groups reset` moves a group's offsets: what the command line says, and what follows for each partition.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kafka/types.h"

namespace omashu::cli {

struct ResetTarget {
  enum class Kind : uint8_t { kEarliest, kLatest, kCurrent, kOffset, kShift, kTime };
  Kind kind = Kind::kEarliest;
  int64_t value = 0;  // the offset, by how many records, or milliseconds since 1970

  bool operator==(const ResetTarget&) const = default;
};

// earliest, latest, current, an offset, +N, -N, or a time that is not a bare number (base/time_point_text.h).
Result<ResetTarget> parse_reset_target(std::string_view text, int64_t now_ms);

// A topic, and those of its partitions that are meant.
struct PartitionChoice {
  std::string topic;
  std::vector<kafka::PartitionId> partitions;  // ascending; empty: all

  bool operator==(const PartitionChoice&) const = default;
};

// TOPIC, or TOPIC:0,2-4.
Result<PartitionChoice> parse_partition_choice(std::string_view text);

// What is known of a partition when its new offset is decided.
struct PartitionState {
  kafka::TopicPartition partition;
  std::optional<kafka::Offset> committed;
  kafka::Offset begin = 0;
  kafka::Offset end = 0;
  std::optional<kafka::Offset> at_time;  // of the first record at or after the time; absent where there is none
};

struct OffsetChange {
  kafka::TopicPartition partition;
  std::optional<kafka::Offset> before;
  kafka::Offset after = 0;
  std::string note;  // why it is not what was asked for; may be empty
};

// The new offset always lies within the partition. Fails where the target needs an offset that was not committed.
Result<OffsetChange> plan_reset(const ResetTarget& target, const PartitionState& state);

}  // namespace omashu::cli
