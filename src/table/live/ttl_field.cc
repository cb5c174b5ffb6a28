#include "table/live/ttl_field.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "avro/datum.h"
#include "base/time_point_text.h"

namespace omashu::table {

namespace {

using avro::LogicalType;

// How many of its units a millisecond has, where the type is a time; 0 of a date, which is a day.
std::optional<int64_t> units_per_ms(const avro::Node& type) {
  switch (type.logical_type) {
    case LogicalType::kDate: return 0;
    case LogicalType::kTimestampMillis:
    case LogicalType::kLocalTimestampMillis: return 1;
    case LogicalType::kTimestampMicros:
    case LogicalType::kLocalTimestampMicros: return 1'000;
    case LogicalType::kTimestampNanos:
    case LogicalType::kLocalTimestampNanos: return 1'000'000;
    default: break;
  }
  // A long without a logical type is milliseconds by custom.
  if (type.type == avro::Type::kLong && type.logical_type == LogicalType::kNone) return 1;
  return std::nullopt;
}

std::optional<int64_t> time_of(const avro::Datum& datum) {
  const auto units = units_per_ms(datum.type());
  if (!units) return std::nullopt;
  return *units == 0 ? datum.as_long() * 86'400'000 : datum.as_long() / *units;
}

std::optional<int64_t> time_of(const json::Value& value) {
  if (const auto number = value.as_int64()) return number;
  if (!value.is_string()) return std::nullopt;
  const auto time = parse_time_point(value.text(), 0);
  return time ? std::optional(*time) : std::nullopt;
}

}  // namespace

Result<TtlField> TtlField::open(const TimeToLive& ttl, const FilterSchemas& schemas) {
  TtlField field(ttl);
  if (!ttl.field) return field;
  auto path = FieldPath::parse(*ttl.field);
  if (!path) return fail(std::move(path.error()).within("ttl"));
  field.path_ = *std::move(path);
  if (!schemas.value) return field;
  field.schema_ = schemas.value;
  auto compiled = SchemaPath::compile(*field.path_, schemas.value->root());
  if (!compiled) return fail(std::move(compiled.error()).within("ttl"));
  if (!std::ranges::all_of(compiled->types(), [](const avro::Node* type) { return units_per_ms(*type).has_value(); })) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("ttl: {} is no time: name a timestamp, a date or a long of milliseconds", *ttl.field));
  }
  field.schema_path_ = *std::move(compiled);
  return field;
}

std::optional<int64_t> TtlField::expires_ms(const FilterPart& value, int64_t record_ms) const {
  std::optional<int64_t> from;
  if (!path_) {
    if (record_ms >= 0) from = record_ms;
  } else if (value.datum != nullptr && schema_path_) {
    schema_path_->any(*value.datum, [&](const std::optional<avro::Datum>& found) {
      if (found) from = time_of(*found);
      return true;
    });
  } else if (value.json != nullptr) {
    const auto found = path_->find_all(*value.json);
    if (!found.empty()) from = time_of(*found.front());
  }
  int64_t expires = 0;
  if (!from || __builtin_add_overflow(*from, ttl_.duration.count(), &expires)) return std::nullopt;
  return std::max<int64_t>(expires, 0);
}

}  // namespace omashu::table
