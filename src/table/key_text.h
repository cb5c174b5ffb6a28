// Keys as people give them: `om-1` for a string, or for a record of one field; JSON for anything else.

#pragma once

#include <string>
#include <string_view>

#include "avro/schema.h"
#include "base/json.h"
#include "omashu/result.h"

namespace omashu::table {

// The JSON of the key that `text` means under the key's schema. JSON is taken as it is; a bare word is the value of a
// primitive, an enum, or the one field of a record.
Result<std::string> key_from_text(const avro::Node& key_schema, std::string_view text);

// The key that a value carries: the fields of a record key by their names, or, where `field` names one (a dotted path),
// that field as the key or as the one field of a record key.
Result<std::string> key_from_value(const avro::Node& key_schema, const json::Value& value, std::string_view field);

// The same for keys that are plain strings: the text of the field.
Result<std::string> plain_key_from_value(const json::Value& value, std::string_view field);

}  // namespace omashu::table
