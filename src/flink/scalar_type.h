// The SQL type of an Avro type that is neither array, map, record nor union.

#pragma once

#include <cstdint>
#include <string>

#include "avro/schema.h"

namespace omashu::flink {

// What Flink reads a logical type as.
enum class Reading : uint8_t {
  kPlain,     // as the type itself
  kLogical,   // as what the logical type means: a date, a decimal
  kInstant,   // timestamp-millis: TIMESTAMP(3), which is the time in UTC whatever the session's time zone
  kWallTime,  // local-timestamp-millis: TIMESTAMP(3). The reader's schema says timestamp-millis, which Flink knows
};

struct ScalarType {
  std::string sql;  // without NOT NULL
  Reading reading = Reading::kPlain;
  std::string note = {};  // what a reader of the SQL must know of the values: "is the number of …"
};

ScalarType scalar_type(const avro::Node& type);

}  // namespace omashu::flink
