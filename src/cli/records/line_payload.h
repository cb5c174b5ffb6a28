// How a key or a value stands in a line of JSON, so that it can be told what it was:
//
//   null                  none: a tombstone, a record without key
//   {"base64":"…"}        bytes as they are
//   {"avro":X}, {"json":X}    the Avro datum or JSON text X, where X alone would be one of these four
//   anything else         text, an Avro datum or JSON text

#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace omashu::cli {

struct LinePayload {
  std::string json;
  bool is_datum = false;  // the line says that it is an Avro datum or JSON text, whatever it looks like
};

// A datum's JSON as it stands in a line. `name` is "avro" or "json".
std::string line_datum(std::string json, std::string_view name);

// `value` is not null.
LinePayload line_payload(const json::Value& value);

}  // namespace omashu::cli
