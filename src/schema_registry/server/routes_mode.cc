// /mode: whether schemas may be registered, of all subjects, of a context, of a subject.

#include <fmt/core.h>

#include "schema_registry/server/route_support.h"
#include "schema_registry/server/settings.h"
#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

Answer<std::string> get_mode(const Store& store, const http::Exchange& exchange) {
  const std::string scope = subject_of(exchange);
  if (flag(exchange.request(), "defaultToGlobal")) return mode_json(store.mode_in_force(scope));
  if (const Mode* mode = store.mode(scope)) return mode_json(*mode);
  if (scope.empty() || scope == kGlobalContext) return mode_json(Mode::kReadWrite);
  return refuse(error_code::kSubjectModeNotConfigured,
                fmt::format("Subject '{}' does not have subject-level mode configured", scope));
}

Answer<Decide> prepare_setting(const http::Exchange& exchange) {
  const Answer<std::optional<Mode>> mode = parse_mode_request(exchange.request().body);
  if (!mode) return std::unexpected(mode.error());
  return [scope = subject_of(exchange), mode = *mode, force = flag(exchange.request(), "force")](const Store& store) {
    return set_mode(store, scope, mode, force);
  };
}

Answer<Decide> prepare_removal(const http::Exchange& exchange) {
  return [scope = subject_of(exchange), recursive = flag(exchange.request(), "recursive")](const Store& store) {
    return delete_mode(store, scope, recursive);
  };
}

}  // namespace

void add_mode_routes(http::Router& router, const Api& api) {
  for (const char* pattern : {"/mode", "/mode/{subject}"}) {
    add_read(router, api, http::Method::kGet, pattern, get_mode);
    add_write(router, api, http::Method::kPut, pattern, prepare_setting);
    add_write(router, api, http::Method::kDelete, pattern, prepare_removal);
  }
}

}  // namespace omashu::schema_registry::server
