// Sets and removes compatibility levels and modes: of a subject, of a context (":.name:"), or of all ("").

#pragma once

#include <string>
#include <string_view>

#include "schema_registry/server/decision.h"

namespace omashu::schema_registry::server {

// What GET tells of all subjects where nothing is configured.
inline const ConfigValue kDefaultConfig = {.level = avro::CompatibilityLevel::kBackward};

// {"compatibility":"FULL","normalize":true}: what is not named stays as it is, and a null clears. 42203 for a level
// that there is not, and for Confluent's further members, on which this server does not act. The answer is what is
// configured then.
Answer<ConfigUpdate> parse_config_request(std::string_view body);
Answer<Decision> set_config(const Store& store, const std::string& scope, const ConfigUpdate& update);
// The answer is what held before.
Answer<Decision> delete_config(const Store& store, const std::string& scope);

// {"mode":"IMPORT"}; a null clears. 42204 for a mode that there is not.
Answer<std::optional<Mode>> parse_mode_request(std::string_view body);
// IMPORT needs a subject (or context) without live schemas, unless forced; deleted ones are removed for good.
Answer<Decision> set_mode(const Store& store, const std::string& scope, std::optional<Mode> mode, bool force);
// `recursive`: of a context, and of each of its subjects.
Answer<Decision> delete_mode(const Store& store, const std::string& scope, bool recursive);

// {"compatibilityLevel":…}, {"mode":…}
std::string config_json(const ConfigValue& value);
std::string mode_json(Mode mode);

}  // namespace omashu::schema_registry::server
