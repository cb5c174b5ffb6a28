// Sets and removes compatibility levels and modes: of a subject, of a context (":.name:"), or of all ("").

#pragma once

#include <string>
#include <string_view>

#include "schema_registry/server/decision.h"

namespace omashu::schema_registry::server {

// {"compatibility":"FULL","normalize":true}: what is not named stays unset. 42203 for a level that there is not, and
// for Confluent's further members, on which this server does not act. The answer repeats the request.
Answer<ConfigValue> parse_config_request(std::string_view body);
Answer<Decision> set_config(const Store& store, const std::string& scope, const ConfigValue& value);
// The answer is what held before.
Answer<Decision> delete_config(const Store& store, const std::string& scope);

// {"mode":"IMPORT"}. 42204 for a mode that there is not.
Answer<Mode> parse_mode_request(std::string_view body);
// IMPORT needs a subject (or context) without live schemas, unless forced; deleted ones are removed for good.
Answer<Decision> set_mode(const Store& store, const std::string& scope, Mode mode, bool force);
Answer<Decision> delete_mode(const Store& store, const std::string& scope);

// {"compatibilityLevel":…}, {"mode":…}
std::string config_json(const ConfigValue& value);
std::string mode_json(Mode mode);

}  // namespace omashu::schema_registry::server
