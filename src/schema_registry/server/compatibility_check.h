// Whether a candidate goes with what a subject holds, at the compatibility level in force.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "avro/compatibility.h"
#include "schema_registry/server/candidate.h"

namespace omashu::schema_registry::server {

// Why the candidate does not go with these versions (ascending), in the registry's words; empty where it does. As the
// registry does, it stops at the first version that has a reason. `config` is what is in force: the level, the group of
// versions that count, and whether reserved fields are looked at.
std::vector<std::string> conflicts_with(const Store& store, std::string_view subject, const Candidate& candidate,
                                        const ConfigValue& config, std::span<const VersionEntry> versions);

// The versions of a subject that count for it: those that are not deleted.
std::vector<VersionEntry> live_versions(const Store& store, std::string_view subject);

}  // namespace omashu::schema_registry::server
