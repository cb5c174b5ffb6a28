// A record's key made from the fields of its value.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "avro/datum.h"
#include "avro/schema.h"
#include "omashu/result.h"

namespace omashu::avro {

class KeyProjection {
 public:
  // Where the key is a record, each of its fields is the value's of that name (or of an alias), converted as schema
  // resolution does it. Any other key is the value's field `key_field`, which may be a path ("source.url"). Fails where
  // the value's schema has no such field, or one of another type.
  static Result<KeyProjection> compile(const Schema& value, const Schema& key, std::string_view key_field = {});

  // Appends the key's binary datum. Fails where `value` does not decode, or lacks the field in this case.
  Result<void> append_key(std::string_view value, std::string& out) const;

 private:
  KeyProjection(GenericDecoder value, std::string path, std::optional<GenericDecoder> field)
      : value_(std::move(value)), path_(std::move(path)), field_(std::move(field)) {}

  GenericDecoder value_;                 // to the key itself; with a path, to the whole value
  std::string path_;                     // "" where the key is a record
  std::optional<GenericDecoder> field_;  // from the field at the path to the key
};

}  // namespace omashu::avro
