// / and /v1/metadata: the server itself.

#include <fmt/core.h>

#include "base/json.h"
#include "schema_registry/server/route_support.h"

namespace omashu::schema_registry::server {

namespace {

std::string quoted(std::string_view text) {
  std::string out;
  json::append_quoted(out, text);
  return out;
}

}  // namespace

void add_server_routes(http::Router& router, const Api& api) {
  // Alive as soon as it listens, whether or not the schemas are there yet.
  router.add(http::Method::kGet, "/", http::Access::kRead,
             [](const http::ExchangePtr& exchange) { answer(exchange, "{}"); });
  add_read(router, api, http::Method::kGet, "/v1/metadata/id", [&api](const Store&, const http::Exchange&) {
    return Answer<std::string>(
        fmt::format(R"({{"scope":{{"path":[],"clusters":{{"kafka-cluster":{},"schema-registry-cluster":{}}}}}}})",
                    quoted(api.kafka_cluster_id), quoted(api.group)));
  });
  add_read(router, api, http::Method::kGet, "/v1/metadata/version", [&api](const Store&, const http::Exchange&) {
    return Answer<std::string>(fmt::format(R"({{"version":{},"commitId":""}})", quoted(api.version)));
  });
}

}  // namespace omashu::schema_registry::server
