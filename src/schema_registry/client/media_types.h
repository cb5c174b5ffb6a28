// The media types of the registry's REST API, as headers of each request to a registry.

#pragma once

#include <string>
#include <vector>

namespace omashu::schema_registry {

inline std::vector<std::string> media_type_headers() {
  return {"Content-Type: application/vnd.schemaregistry.v1+json",
          "Accept: application/vnd.schemaregistry.v1+json, application/vnd.schemaregistry+json, application/json"};
}

}  // namespace omashu::schema_registry
