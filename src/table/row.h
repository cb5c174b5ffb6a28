// The words of a table: the records it is made from and the rows it has.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "kafka/types.h"

namespace omashu::table {

struct Position {
  kafka::PartitionId partition = 0;
  kafka::Offset offset = 0;

  bool operator==(const Position&) const = default;
};

// A record of the topic, for a table to keep what it needs of it.
struct Record {
  std::string_view key_bytes;             // as they stand on the topic: what compaction compares
  std::string_view key;                   // the logical key, as plain JSON: what the table compares
  std::optional<std::string_view> value;  // what is kept of it; absent: a tombstone
  Position position;
  int64_t timestamp_ms = -1;
};

// The latest record of a logical key. Valid until the table changes.
struct Row {
  std::string_view key;
  std::optional<std::string_view> value;  // absent: deleted
  Position position;
  int64_t timestamp_ms = -1;
};

}  // namespace omashu::table
