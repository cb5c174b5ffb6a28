// Registers a schema under a subject: which id and version it gets, and whether it may.

#pragma once

#include <optional>
#include <string>

#include "schema_registry/server/decision.h"
#include "schema_registry/server/schema_request.h"

namespace omashu::schema_registry::server {

struct Registration {
  std::string subject;  // normalized
  SchemaRequest request;
  bool normalize = false;
  bool tells_all = false;  // the client knows answers with more than the id
};

// The id (as the answer's body) of a schema that is registered already, and does not need the leader. Nothing where the
// leader must decide. 4xx where the schema is invalid: no need to trouble the leader either.
Answer<std::optional<std::string>> find_registered(const Store& store, const Registration& registration);

Answer<Decision> register_schema(const Store& store, const Registration& registration);

}  // namespace omashu::schema_registry::server
