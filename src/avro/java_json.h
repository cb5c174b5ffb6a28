// JSON as Jackson writes it after having read it, which is how Avro Java spells defaults and custom properties.
// Private to this folder.

#pragma once

#include <string>
#include <string_view>

#include "avro/schema.h"
#include "base/json.h"

namespace omashu::avro {

// Numbers become Java's, an object's member counts once (the last value, at the first one's place), and with
// `sort_members` members come in the order of their names.
void append_java_json(std::string& out, const json::Value& value, bool sort_members = false);

// A field's default as Confluent's registry normalizes it: members sorted, and a number for a float or a double spelled
// as one.
void append_normalized_default(std::string& out, const json::Value& value, const Node& type);

// As json::append_quoted, but with Jackson's upper-case digits in \u001F.
void append_java_string(std::string& out, std::string_view text);

}  // namespace omashu::avro
