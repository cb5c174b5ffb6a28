// The configuration of a subject, of a context or of all subjects, with the members of Confluent's that this server
// acts on. What is not set here may be set further out (Store::config_in_force).

#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "avro/compatibility.h"
#include "schema_registry/server/annotations.h"

namespace omashu::schema_registry::server {

struct ConfigValue {
  std::optional<avro::CompatibilityLevel> level = {};
  std::optional<bool> normalize = {};
  std::optional<bool> validate_fields = {};
  std::optional<std::string> alias = {};                // the subject that is meant by this one
  std::optional<std::string> compatibility_group = {};  // the metadata property whose value must be the same
  Annotations defaults = {};                            // merged into what is registered, whose own come first
  Annotations overrides = {};                           // and these before those

  bool operator==(const ConfigValue&) const = default;
};

// A change: the members that it names get these values; one that is named and has none is cleared.
struct ConfigUpdate {
  ConfigValue value;
  std::set<std::string, std::less<>> named = {};  // as JSON calls them; the level "compatibilityLevel"
};

ConfigValue updated(ConfigValue config, const ConfigUpdate& update);

// The members that are set, each with a comma before it: `,"normalize":true,"compatibilityLevel":"FULL"`. Requests call
// the level "compatibility".
std::string config_members(const ConfigValue& config, std::string_view level_name);

}  // namespace omashu::schema_registry::server
