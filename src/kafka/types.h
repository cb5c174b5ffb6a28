// The words that Admin, Producer and Consumer share.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "omashu/result.h"

namespace omashu::kafka {

// Client properties under librdkafka's names ("security.protocol"), later entries win.
struct ClientConfig {
  std::vector<std::pair<std::string, std::string>> properties;
  std::chrono::milliseconds give_up_after{2'000};  // where no broker was ever there; calls end at their own time, too

  void set(std::string name, std::string value) { properties.emplace_back(std::move(name), std::move(value)); }
};

using PartitionId = int32_t;
using Offset = int64_t;

// In place of an offset, where reading starts: at what is there, or at what comes next.
constexpr Offset kOffsetBeginning = -2;
constexpr Offset kOffsetEnd = -1;

// In place of a timestamp (ms), where ListOffsets is asked for an offset.
constexpr int64_t kEarliestTimestamp = -2;
constexpr int64_t kLatestTimestamp = -1;
constexpr int64_t kMaxTimestamp = -3;  // of the record with the greatest timestamp: Kafka 3.0 and later

// An answer of ListOffsets: -1 for what is not there or was not asked for.
struct ListedOffset {
  Offset offset = -1;
  int64_t timestamp_ms = -1;  // of the record at this offset, where a time or kMaxTimestamp was asked for
};

struct Header {
  std::string name;
  std::optional<std::string> value;
};

// What is sent. An absent value is a tombstone.
struct Record {
  std::string topic;
  std::optional<PartitionId> partition = {};  // absent: Java's murmur2 of the key; without a key, any
  std::optional<std::string> key = {};
  std::optional<std::string> value = {};
  std::vector<Header> headers = {};
  std::optional<int64_t> timestamp_ms = {};
};

// What was read.
struct Message {
  std::string topic;
  PartitionId partition = 0;
  Offset offset = 0;
  int64_t timestamp_ms = -1;
  bool is_log_append_time = false;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<Header> headers;
};

// Where a record landed.
struct RecordMetadata {
  std::string topic;
  PartitionId partition = 0;
  Offset offset = 0;
};

struct TopicPartition {
  std::string topic;
  PartitionId partition = 0;

  auto operator<=>(const TopicPartition&) const = default;
};

}  // namespace omashu::kafka
