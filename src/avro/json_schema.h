// What plain JSON of an Avro schema looks like, as JSON Schema (2020-12): for descriptions of interfaces, and for those
// who generate clients from them.
//
// It takes what decoders print and what people write, but for spellings that are read out of leniency (a number for a
// decimal, a tag where a bare value would do). Fields with a default, or that may be null, need not be there.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "avro/schema.h"
#include "base/json.h"

namespace omashu::avro {

struct JsonSchema {
  json::Value root = {};                       // may be a reference to one of the definitions
  std::vector<json::Member> definitions = {};  // of the named types, by their full names
};

// References to named types are `reference_prefix` with the full name behind it: "#/components/schemas/".
JsonSchema to_json_schema(const Schema& schema, std::string_view reference_prefix);

}  // namespace omashu::avro
