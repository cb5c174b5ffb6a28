// Versions as requests name them.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema_registry/server/api_error.h"
#include "schema_registry/server/store.h"

namespace omashu::schema_registry::server {

// A number from 1, or nothing for "latest" (also "-1"). 42202 for anything else.
Answer<std::optional<int>> parse_version_name(std::string_view name);

// The version that a request means: 40401, 40402 or 42202 where there is none.
Answer<const VersionEntry*> find_named(const Store& store, std::string_view subject, std::string_view version,
                                       bool deleted_too);

}  // namespace omashu::schema_registry::server
