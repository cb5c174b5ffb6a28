// /config: compatibility levels, of all subjects, of a context, of a subject.

#include <fmt/core.h>

#include "schema_registry/server/route_support.h"
#include "schema_registry/server/settings.h"
#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

Answer<std::string> get_config(const Store& store, const http::Exchange& exchange) {
  const std::string scope = subject_of(exchange);
  const ConfigValue* value = store.config(scope);
  if (flag(exchange.request(), "defaultToGlobal")) {
    ConfigValue in_force = store.config_in_force(scope);
    if (value != nullptr) in_force.alias = value->alias;
    return config_json(in_force);
  }
  if (value != nullptr) {
    ConfigValue told = *value;
    if (!told.level) told.level = store.config_in_force(scope).level;
    return config_json(told);
  }
  if (scope.empty() || scope == kGlobalContext) return config_json(kDefaultConfig);
  return refuse(error_code::kSubjectCompatibilityNotConfigured,
                fmt::format("Subject '{}' does not have subject-level compatibility configured", scope));
}

Answer<Decide> prepare_setting(const http::Exchange& exchange) {
  const Answer<ConfigUpdate> value = parse_config_request(exchange.request().body);
  if (!value) return std::unexpected(value.error());
  return [scope = subject_of(exchange), value = *value](const Store& store) { return set_config(store, scope, value); };
}

Answer<Decide> prepare_removal(const http::Exchange& exchange) {
  return [scope = subject_of(exchange)](const Store& store) { return delete_config(store, scope); };
}

}  // namespace

void add_config_routes(http::Router& router, const Api& api) {
  for (const char* pattern : {"/config", "/config/{subject}"}) {
    add_read(router, api, http::Method::kGet, pattern, get_config);
    add_write(router, api, http::Method::kPut, pattern, prepare_setting);
    add_write(router, api, http::Method::kDelete, pattern, prepare_removal);
  }
}

}  // namespace omashu::schema_registry::server
