// The words that Admin, Producer and Consumer share.

#pragma once

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

  void set(std::string name, std::string value) { properties.emplace_back(std::move(name), std::move(value)); }
};

using PartitionId = int32_t;
using Offset = int64_t;

// In place of an offset, where reading starts: at what is there, or at what comes next.
constexpr Offset kOffsetBeginning = -2;
constexpr Offset kOffsetEnd = -1;

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
