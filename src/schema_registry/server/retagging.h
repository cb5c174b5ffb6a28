// Registers a version of a subject again with other tags, metadata or rules, as the next version.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema_registry/server/registration.h"

namespace omashu::schema_registry::server {

struct Retagging {
  TagChanges tags = {};
  Annotations annotations = {};                   // in place of the version's own, where they are given
  std::string rules_to_merge = {};                // a rule set, into the version's own
  std::vector<std::string> rules_to_remove = {};  // by name
  std::optional<int> new_version = {};            // that is expected
};

// {"newVersion":2,"tagsToAdd":[…],"tagsToRemove":[…],"metadata":…,"ruleSet":…,"rulesToMerge":…,"rulesToRemove":["r"]}
Answer<Retagging> parse_retagging(std::string_view body);

// `version` is a number, "latest" or "-1".
Answer<Decision> retag(const Store& store, const std::string& subject, const std::string& version,
                       const Retagging& wanted, bool tells_all);

}  // namespace omashu::schema_registry::server
