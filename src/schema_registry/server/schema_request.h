// The body of the requests that bring a schema.

#pragma once

#include <optional>
#include <string_view>

#include "schema_registry/server/annotations.h"
#include "schema_registry/server/api_error.h"
#include "schema_registry/server/schema_tags.h"
#include "schema_registry/types.h"

namespace omashu::schema_registry::server {

struct SchemaRequest {
  SchemaText text;  // as sent; no schema where the one before is meant, with other annotations
  Annotations annotations = {};
  std::optional<SchemaId> id = {};  // import: the id to give it
  std::optional<int> version = {};  // the version that it is expected to become
  TagChanges tags = {};             // to be made in the text
};

// {"schema":…,"schemaType":…,"references":[…],"metadata":…,"ruleSet":…,"id":…,"version":…,"schemaTagsToAdd":[…],
// "schemaTagsToRemove":[…]}; nulls count as absent, and unknown members are passed over.
Answer<SchemaRequest> parse_schema_request(std::string_view body);

// An id or a version: absent, null or negative (as Java's clients send what they do not set) is nothing.
Answer<std::optional<int>> parse_number(const json::Value& object, std::string_view name);

// The body as JSON; an object.
Answer<json::Value> parse_body(std::string_view body);

}  // namespace omashu::schema_registry::server
