// Requests in few words, for tests.

#pragma once

#include <string>
#include <vector>

#include "schema_registry/server/registration.h"

namespace omashu::schema_registry::server::testing {

// A record with these fields: field("a", "int").
inline std::string field(const std::string& name, const std::string& type, const std::string& rest = "") {
  return R"({"name":")" + name + R"(","type":")" + type + "\"" + rest + "}";
}
inline std::string record(const std::string& name, const std::string& fields) {
  return R"({"type":"record","name":")" + name + R"(","fields":[)" + fields + "]}";
}

inline Registration registration(const std::string& subject, const std::string& schema,
                                 std::vector<Reference> references = {}) {
  return {.subject = subject, .request = {.text = {.schema = schema, .references = std::move(references)}}};
}

}  // namespace omashu::schema_registry::server::testing
