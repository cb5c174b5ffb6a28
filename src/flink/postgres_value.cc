#include "flink/postgres_value.h"

#include <fmt/core.h>

#include <algorithm>

namespace omashu::flink {

namespace {

using avro::LogicalType;
using avro::Node;
using avro::Type;
using sink::postgres::Kind;

PostgresValue text(std::string expression) { return {.sql_type = "STRING", .expression = std::move(expression)}; }

// "2026-11-30 08:00:00.000001" of a number of microseconds; right before 1970, too.
std::string time_of_micros(const std::string& micros) {
  const std::string rest = fmt::format("MOD(MOD({}, 1000000) + 1000000, 1000000)", micros);
  return fmt::format(
      "CAST(TIMESTAMPADD(SECOND, ({0} - {1}) / 1000000, TIMESTAMP '1970-01-01 00:00:00') AS STRING) || '.' || "
      "LPAD(CAST({1} AS STRING), 6, '0')",
      micros, rest);
}

std::string without_day(const std::string& time) { return fmt::format("SUBSTRING({} FROM 12)", time); }

std::string timestamp_text(LogicalType type, const std::string& column) {
  const bool is_micros = type == LogicalType::kTimestampMicros || type == LogicalType::kLocalTimestampMicros;
  return is_micros ? time_of_micros(column) : fmt::format("CAST({} AS STRING)", column);
}

std::string clock_text(LogicalType type, const std::string& column) {
  const std::string micros =
      type == LogicalType::kTimeMicros ? column : fmt::format("(CAST({} AS BIGINT) * 1000)", column);
  return without_day(time_of_micros(micros));
}

// Whether Flink's JSON of the type says what omashu's does: not so for times, decimals and bytes, nor for floats, which
// Flink prints as doubles.
bool has_same_json(const ReadableSchema& schema, const Node& type) {
  if (type.logical_type != LogicalType::kNone)
    return type.logical_type == LogicalType::kUuid && type.type == Type::kString;
  switch (type.type) {
    case Type::kBoolean:
    case Type::kInt:
    case Type::kLong:
    case Type::kDouble:
    case Type::kString:
    case Type::kEnum: return true;
    case Type::kArray:
    case Type::kMap: return has_same_json(schema, *type.items);
    case Type::kUnion: {
      const auto branch = readable_branch(type);
      return branch && has_same_json(schema, *branch->type);
    }
    case Type::kRecord:
      return schema.fields_of(type).size() == type.fields.size() &&
             std::ranges::all_of(type.fields,
                                 [&](const avro::Field& field) { return has_same_json(schema, *field.type); });
    default: return false;
  }
}

}  // namespace

std::optional<PostgresValue> postgres_value(const ReadableSchema& schema, const Node& type,
                                            const sink::postgres::ColumnType& target, const std::string& column) {
  const auto branch = readable_branch(type);
  const Node& inner = branch ? *branch->type : type;
  if (target.is_array) return std::nullopt;
  switch (target.kind) {
    case Kind::kBoolean: return PostgresValue{"BOOLEAN", column};
    case Kind::kInteger: return PostgresValue{"INT", column};
    case Kind::kBigint: return PostgresValue{"BIGINT", column};
    case Kind::kReal: return PostgresValue{"FLOAT", column};
    case Kind::kDouble: return PostgresValue{"DOUBLE", column};
    case Kind::kEnum: return text(column);
    case Kind::kText: return inner.type == Type::kNull ? std::nullopt : std::optional(text(column));
    case Kind::kUuid: return inner.type == Type::kString ? std::optional(text(column)) : std::nullopt;
    case Kind::kBytea: return PostgresValue{"BYTES", fmt::format("CAST({} AS BYTES)", column)};
    case Kind::kDate: return text(fmt::format("CAST({} AS STRING)", column));
    case Kind::kTime: return text(clock_text(inner.logical_type, column));
    case Kind::kTimestamp: return text(timestamp_text(inner.logical_type, column));
    case Kind::kTimestamptz: return text(timestamp_text(inner.logical_type, column) + " || '+00'");
    case Kind::kNumeric: {
      const std::string sql = schema.sql_type(inner);
      if (!sql.starts_with("DECIMAL")) return std::nullopt;
      return PostgresValue{sql.substr(0, sql.find(" NOT NULL")), column};
    }
    case Kind::kJsonb:
      if (!has_same_json(schema, type)) return std::nullopt;
      return text(fmt::format("JSON_QUERY(JSON_OBJECT(KEY 'v' VALUE {}), '$.v')", column));
    case Kind::kInterval: return std::nullopt;
  }
  return std::nullopt;
}

std::string instant_of_session(const std::string& column) { return fmt::format("CAST({} AS STRING) || '+00'", column); }

}  // namespace omashu::flink
