// A column of the table: its type in PostgreSQL, and where in a record its values come from.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace omashu::sink::postgres {

enum class Kind : uint8_t {
  kBoolean,
  kInteger,
  kBigint,
  kReal,
  kDouble,
  kText,
  kBytea,
  kUuid,
  kDate,
  kTime,
  kTimestamp,    // without a time zone
  kTimestamptz,  // an instant
  kInterval,
  kNumeric,
  kEnum,  // text with a check, or a type of its own
  kJsonb,
};

struct ColumnType {
  Kind kind = Kind::kText;
  int precision = 0;                      // numeric; 0: any number
  int scale = 0;                          // numeric
  std::vector<std::string> symbols = {};  // enum, in the order of the schema
  bool is_array = false;
  bool may_hold_nulls = false;  // of an array: its items

  bool operator==(const ColumnType&) const = default;
};

// As PostgreSQL's format_type() spells it. An enum is what `enum_type` says: "text", or its quoted name.
std::string sql_type(const ColumnType& type, std::string_view enum_type = "text");

enum class Source : uint8_t { kKey, kValue, kTopic, kPartition, kOffset, kTimestamp, kDeleted };

struct Column {
  std::string name;
  ColumnType type;
  bool is_nullable = false;
  Source source = Source::kValue;
  std::vector<size_t> path = {};  // of the key or the value: indexes of fields, from the outermost record on
};

// The columns that every table has beside those of the schemas.
inline constexpr std::string_view kTopicColumn = "kafka_topic";  // history
inline constexpr std::string_view kPartitionColumn = "kafka_partition";
inline constexpr std::string_view kOffsetColumn = "kafka_offset";
inline constexpr std::string_view kTimestampColumn = "kafka_timestamp";
inline constexpr std::string_view kDeletedColumn = "kafka_deleted";  // history, and latest with --tombstones flag

}  // namespace omashu::sink::postgres
