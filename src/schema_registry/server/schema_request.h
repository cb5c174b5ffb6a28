// The body of the requests that bring a schema.

#pragma once

#include <optional>
#include <string_view>

#include "schema_registry/server/annotations.h"
#include "schema_registry/server/api_error.h"
#include "schema_registry/types.h"

namespace omashu::schema_registry::server {

struct SchemaRequest {
  SchemaText text;  // as sent; no schema where the one before is meant, with other annotations
  Annotations annotations = {};
  std::optional<SchemaId> id = {};  // import: the id to give it
  std::optional<int> version = {};  // the version that it is expected to become
};

// {"schema":…,"schemaType":…,"references":[…],"metadata":…,"ruleSet":…,"id":…,"version":…}; nulls count as absent, and
// unknown members are passed over.
Answer<SchemaRequest> parse_schema_request(std::string_view body);

// The body as JSON; an object.
Answer<json::Value> parse_body(std::string_view body);

}  // namespace omashu::schema_registry::server
