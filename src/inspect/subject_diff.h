// What changed between two versions of a subject.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schema_registry/client/client.h"

namespace omashu::inspect {

struct VersionPair {
  schema_registry::SubjectVersion before, after;
};

// Without `from` the version before `to`, without `to` the latest. Errors are those of find_version().
Result<VersionPair> find_version_pair(schema_registry::Client& registry, const std::string& subject,
                                      std::optional<int64_t> from, std::optional<int64_t> to);

// A line for each change: of types and fields, where both are Avro, and of what they refer to.
std::vector<std::string> version_changes(const VersionPair& versions);

}  // namespace omashu::inspect
