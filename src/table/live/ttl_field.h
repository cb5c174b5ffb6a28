// From when on a row's ttl counts: the time of its record, or that of a field of its value. Cheap to copy; thread-safe.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "omashu/result.h"
#include "table/field_path.h"
#include "table/filter.h"
#include "table/live/table_options.h"
#include "table/schema_path.h"

namespace omashu::table {

class TtlField {
 public:
  // kInvalidArgument where the field is not in the schema, or no time.
  static Result<TtlField> open(const TimeToLive& ttl, const FilterSchemas& schemas);

  // When the row is over; nothing where its field is null or not there.
  std::optional<int64_t> expires_ms(const FilterPart& value, int64_t record_ms) const;

 private:
  explicit TtlField(const TimeToLive& ttl) : ttl_(ttl) {}

  TimeToLive ttl_;
  std::optional<FieldPath> path_;
  std::optional<SchemaPath> schema_path_;  // absent: values have no schema
  std::optional<avro::Schema> schema_;     // keeps the types alive that the path points to
};

}  // namespace omashu::table
