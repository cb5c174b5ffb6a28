// The JSON bodies of the registry's REST API, both ways.
//
// Reading is lenient where real servers differ: unknown members are skipped, a null stands for a missing one, and
// schemaType is AVRO where it is absent. What is there must have the right type: the error names the member.

#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "omashu/result.h"
#include "schema_registry/types.h"

namespace omashu::schema_registry {

// {"schema":…,"references":[…]}; schemaType only where it is not AVRO, since servers before 5.5 refuse the member.
json::Value to_json(const SchemaText& text);

Result<SchemaText> parse_schema_text(const json::Value& value);
Result<SubjectVersion> parse_subject_version(const json::Value& value);
Result<SubjectAndVersion> parse_subject_and_version(const json::Value& value);
Result<SchemaId> parse_schema_id(const json::Value& value);
Result<int> parse_version(const json::Value& value);
Result<CompatibilityVerdict> parse_compatibility_verdict(const json::Value& value);
Result<std::string> parse_string(const json::Value& value);

// [item, item…], each read by `parse_item`.
template <class T>
Result<std::vector<T>> parse_array(const json::Value& value, Result<T> (*parse_item)(const json::Value&)) {
  if (!value.is_array()) return fail(ErrorCode::kInternal, "an array was expected");
  std::vector<T> items;
  items.reserve(value.items().size());
  for (const json::Value& item : value.items()) {
    Result<T> parsed = parse_item(item);
    if (!parsed) return fail(std::move(parsed.error()));
    items.push_back(std::move(*parsed));
  }
  return items;
}

// The member, which must be there and a string.
Result<std::string> parse_string_member(const json::Value& object, std::string_view name);

}  // namespace omashu::schema_registry
