// /contexts

#include <algorithm>

#include "schema_registry/server/answer_json.h"
#include "schema_registry/server/deletion.h"
#include "schema_registry/server/route_support.h"
#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

constexpr size_t kMaxContexts = 1'000'000;

Answer<std::string> list_contexts(const Store& store, const http::Exchange& exchange) {
  std::vector<std::string> names = {context_name("")};
  for (const std::string& context : store.contexts()) names.push_back(context_name(context));
  std::ranges::sort(names);
  const std::string prefix = exchange.request().query_value("contextPrefix").value_or("");
  std::erase_if(names, [&](const std::string& name) { return !name.starts_with(prefix); });
  page_of(exchange.request(), kMaxContexts).cut(names);
  return strings_json(names);
}

Answer<Decide> prepare_deletion(const http::Exchange& exchange) {
  return [context = context_of(exchange)](const Store& store) { return delete_context(store, context); };
}

}  // namespace

void add_context_routes(http::Router& router, const Api& api) {
  add_read(router, api, http::Method::kGet, "/contexts", list_contexts);
  add_write(router, api, http::Method::kDelete, "/contexts/{context}", prepare_deletion);
}

}  // namespace omashu::schema_registry::server
