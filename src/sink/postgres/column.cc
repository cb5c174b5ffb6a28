#include "sink/postgres/column.h"

#include <fmt/core.h>

namespace omashu::sink::postgres {

namespace {

std::string scalar_type(const ColumnType& type, std::string_view enum_type) {
  switch (type.kind) {
    case Kind::kBoolean: return "boolean";
    case Kind::kInteger: return "integer";
    case Kind::kBigint: return "bigint";
    case Kind::kReal: return "real";
    case Kind::kDouble: return "double precision";
    case Kind::kText: return "text";
    case Kind::kBytea: return "bytea";
    case Kind::kUuid: return "uuid";
    case Kind::kDate: return "date";
    case Kind::kTime: return "time without time zone";
    case Kind::kTimestamp: return "timestamp without time zone";
    case Kind::kTimestamptz: return "timestamp with time zone";
    case Kind::kInterval: return "interval";
    case Kind::kNumeric:
      return type.precision == 0 ? "numeric" : fmt::format("numeric({},{})", type.precision, type.scale);
    case Kind::kEnum: return std::string(enum_type);
    case Kind::kJsonb: return "jsonb";
  }
  return "text";
}

}  // namespace

std::string sql_type(const ColumnType& type, std::string_view enum_type) {
  return scalar_type(type, enum_type) + (type.is_array ? "[]" : "");
}

}  // namespace omashu::sink::postgres
