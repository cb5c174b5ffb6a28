// Records whose keys and values have schemas, as programs see them: JSON text.
//
// Avro data is one line of JSON: unions bare, timestamps and dates in ISO 8601, decimals and UUIDs as text. What was
// written without a schema is text as it is.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace omashu {

struct RecordHeader {
  std::string name;
  std::optional<std::string> value;
};

// A record to send. An absent value is a tombstone: it deletes the key from a compacted topic.
struct OutgoingRecord {
  std::optional<std::string> key = {};
  std::optional<std::string> value = {};
  std::vector<RecordHeader> headers = {};
  std::optional<int32_t> partition = {};     // absent: Java's choice by the key's bytes; without a key, any
  std::optional<int64_t> timestamp_ms = {};  // absent: now
};

// Where a record landed.
struct RecordPosition {
  std::string topic;
  int32_t partition = 0;
  int64_t offset = 0;
};

// A record that was read.
struct TypedRecord {
  std::string topic;
  int32_t partition = 0;
  int64_t offset = 0;
  int64_t timestamp_ms = -1;  // since 1970; -1: not known
  std::optional<std::string> key;
  std::optional<std::string> value;  // absent: a tombstone
  std::vector<RecordHeader> headers;
};

}  // namespace omashu
