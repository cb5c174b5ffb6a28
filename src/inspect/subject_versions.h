// The versions of subjects as the verbs of `omashu schemas` ask for them, with errors that suggest.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "schema_registry/client/client.h"

namespace omashu::inspect {

// The error of a call about the subject: where that does not exist, with the nearest that does.
Error subject_error(schema_registry::Client& registry, const std::string& subject, Error error);

// The versions that live, and those that are deleted, and not for good, where they are asked for too.
struct SubjectVersions {
  std::vector<int> live;
  std::vector<int> deleted;
};
Result<SubjectVersions> versions_of(schema_registry::Client& registry, const std::string& subject, bool with_deleted);

// The version, or the latest. A number that is not there is told with those that are.
Result<schema_registry::SubjectVersion> find_version(schema_registry::Client& registry, const std::string& subject,
                                                     std::optional<int64_t> number, bool with_deleted = false);

// Two spaces a level; what is no JSON stays as it is.
std::string pretty_schema(const std::string& schema);

json::Value references_json(const std::vector<schema_registry::Reference>& references);

}  // namespace omashu::inspect
