// What the routes of all resources need: their surroundings, requests taken apart, answers put together.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/exchange.h"
#include "http/router.h"
#include "schema_registry/server/api_error.h"
#include "schema_registry/server/decision.h"
#include "schema_registry/server/shared_store.h"
#include "schema_registry/server/writer.h"

namespace omashu::schema_registry::server {

// What the registry is made of, as its routes see it. Outlives them.
struct Api {
  const SharedStore& store;
  Writer& writer;
  std::function<void(const std::string& url, const http::ExchangePtr&)> forward;
  std::string kafka_cluster_id = {};
  std::string group = {};  // of the registries over one topic
  std::string version = {};
};

// Under which a client says that it passes over members that it does not know. In small letters.
inline constexpr const char* kAcceptUnknownHeader = "confluent-accept-unknown-properties";

bool accepts_unknown(const http::Request& request);

// "true" in any letters, as Python's "True"; anything else, and absence, is false.
bool flag(const http::Request& request, std::string_view name);

// The subject of the path, in the context of the path: /contexts/{context}/subjects/{subject}.
std::string subject_of(const http::Exchange& exchange);
std::string context_of(const http::Exchange& exchange);
// The one that is meant by it (Store::subject_meant_by): of all routes but those of settings.
std::string subject_meant(const Store& store, const http::Exchange& exchange);

// A part of a list: ?offset=…&limit=…
struct Page {
  size_t offset = 0;
  size_t limit = 0;

  template <class Item>
  void cut(std::vector<Item>& items) const {
    items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(std::min(offset, items.size())));
    if (items.size() > limit) items.erase(items.begin() + static_cast<std::ptrdiff_t>(limit), items.end());
  }
};
Page page_of(const http::Request& request, size_t max_limit);

// A version as the request wants it: its format, and as much as it accepts.
Answer<std::string> version_answer(const Store& store, const http::Request& request, std::string_view subject,
                                   const VersionEntry& entry);

// With the media type that the request prefers.
void answer(const http::ExchangePtr& exchange, Answer<std::string> body);
http::Response error_response(int status, std::string_view message);

// Each pattern is also served below /contexts/{context}. Handlers are called where the schemas have been read, and with
// a body of JSON.
void add_route(http::Router& router, const Api& api, http::Method method, const std::string& pattern,
               http::Access access, http::Handler handler);

// Of requests that only ask.
using Question = std::function<Answer<std::string>(const Store&, const http::Exchange&)>;
void add_read(http::Router& router, const Api& api, http::Method method, const std::string& pattern, Question question);

// Of requests that write: what is to be decided, by whichever registry leads.
using Preparation = std::function<Answer<Decide>(const http::Exchange&)>;
void add_write(http::Router& router, const Api& api, http::Method method, const std::string& pattern,
               Preparation prepare);
void submit(const Api& api, const http::ExchangePtr& exchange, Decide decide);

// One for each resource.
void add_subject_routes(http::Router& router, const Api& api);
void add_version_routes(http::Router& router, const Api& api);
void add_schema_routes(http::Router& router, const Api& api);
void add_compatibility_routes(http::Router& router, const Api& api);
void add_config_routes(http::Router& router, const Api& api);
void add_mode_routes(http::Router& router, const Api& api);
void add_context_routes(http::Router& router, const Api& api);
void add_server_routes(http::Router& router, const Api& api);

// All of them.
http::Router make_router(const Api& api);

}  // namespace omashu::schema_registry::server
