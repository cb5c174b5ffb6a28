// Where the key attributes of a table's items come from, as --hash and --sort say it: [ATTRIBUTE=]SOURCE. Pure.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::sink::dynamodb {

struct KeySource {
  enum class Kind : uint8_t {
    kKey,        // the record's key: a record of one field as that field, of several as JSON
    kPartition,  // a number
    kOffset,     // a number; unique within a partition alone
    kPosition,   // text of timestamp, partition and offset, which sorts by time and is unique
    kField,      // a dotted path into the key, or the value
  };
  Kind kind = Kind::kKey;
  std::string field;
  std::string attribute;  // the name that the table must have for it; "": whatever it has

  // The name that a table is created with.
  std::string default_attribute() const;
  // The type that a table is created with: S or N.
  char default_type() const;

  bool operator==(const KeySource&) const = default;
};

Result<KeySource> parse_key_source(std::string_view text);

struct KeyAttribute {
  std::string name;
  char type = 'S';  // S, N or B
  KeySource source;
};

// A table's primary key.
struct TableKey {
  KeyAttribute hash;
  std::optional<KeyAttribute> sort;
};

}  // namespace omashu::sink::dynamodb
