#include "schema_registry/server/route_support.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "schema_registry/server/answer_json.h"
#include "schema_registry/server/candidate.h"
#include "schema_registry/server/forwarder.h"
#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

// In the order in which the server prefers them.
constexpr std::array<std::string_view, 3> kMediaTypes = {"application/vnd.schemaregistry.v1+json",
                                                         "application/vnd.schemaregistry+json", "application/json"};

std::string_view media_type_for(const http::Request& request) {
  const std::string_view accept = request.field("accept");
  for (const std::string_view type : kMediaTypes) {
    if (accept.find(type) != std::string_view::npos) return type;
  }
  return kMediaTypes.front();
}

// Of a body. What browsers send of forms without asking first is none of it.
bool is_taken(const http::Request& request) {
  const std::string_view content_type = request.field("content-type");
  if (content_type.empty() || (request.method != http::Method::kPost && request.method != http::Method::kPut))
    return true;
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  return type == "application/octet-stream" || std::ranges::count(kMediaTypes, type) > 0;
}

bool is_word(std::string_view text, std::string_view word) {
  return std::ranges::equal(text, word, {},
                            [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
}

std::optional<size_t> number(const http::Request& request, std::string_view name) {
  const std::string text = request.query_value(name).value_or("");
  size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::unexpected<ApiError> not_restored() {
  return refuse(error_code::kStore, "the schemas are being read: try again in a moment");
}

std::unexpected<ApiError> wrong_media_type() {
  return refuse(415, "HTTP 415 Unsupported Media Type: send JSON as application/vnd.schemaregistry.v1+json");
}

}  // namespace

bool accepts_unknown(const http::Request& request) { return is_word(request.field(kAcceptUnknownHeader), "true"); }

bool flag(const http::Request& request, std::string_view name) {
  const std::optional<std::string> value = request.query_value(name);
  return value && is_word(*value, "true");
}

std::string context_of(const http::Exchange& exchange) {
  const std::string& name = exchange.parameter("context");
  return name.empty() ? "" : context_from_name(name);
}

std::string subject_of(const http::Exchange& exchange) {
  return qualified_subject(context_of(exchange), exchange.parameter("subject"));
}

std::string subject_meant(const Store& store, const http::Exchange& exchange) {
  return store.subject_meant_by(subject_of(exchange));
}

Page page_of(const http::Request& request, size_t max_limit) {
  const size_t limit = number(request, "limit").value_or(0);
  return {.offset = number(request, "offset").value_or(0),
          .limit = limit == 0 ? max_limit : std::min(limit, max_limit)};
}

Answer<std::string> version_answer(const Store& store, const http::Request& request, std::string_view subject,
                                   const VersionEntry& entry) {
  auto text = formatted_text(store, *entry.content, request.query_value("format").value_or(""));
  if (!text) return std::unexpected(std::move(text.error()));
  return schema_json({.subject = subject,
                      .version = entry.version,
                      .id = entry.content->id,
                      .entry = &entry,
                      .text = *std::move(text)},
                     *entry.content, accepts_unknown(request));
}

void answer(const http::ExchangePtr& exchange, Answer<std::string> body) {
  http::Response response;
  if (!body) {
    response.status = body.error().status;
    response.body = error_body(body.error().code, body.error().message);
  } else {
    response.status = body->empty() ? 204 : 200;
    response.body = *std::move(body);
  }
  if (!response.body.empty()) response.content_type = media_type_for(exchange->request());
  exchange->answer(std::move(response));
}

http::Response error_response(int status, std::string_view message) {
  if (status == 413) {
    return {.status = 422,
            .content_type = std::string(kMediaTypes.front()),
            .body = error_body(error_code::kSchemaTooLarge, message)};
  }
  return {.status = status, .content_type = std::string(kMediaTypes.front()), .body = error_body(status, message)};
}

void add_route(http::Router& router, const Api& api, http::Method method, const std::string& pattern,
               http::Access access, http::Handler handler) {
  const http::Handler guarded = [&api, handler = std::move(handler)](const http::ExchangePtr& exchange) {
    if (!api.store.is_restored()) return answer(exchange, not_restored());
    if (!is_taken(exchange->request())) return answer(exchange, wrong_media_type());
    handler(exchange);
  };
  router.add(method, pattern, access, guarded);
  router.add(method, "/contexts/{context}" + pattern, access, guarded);
}

void add_read(http::Router& router, const Api& api, http::Method method, const std::string& pattern,
              Question question) {
  add_route(router, api, method, pattern, http::Access::kRead,
            [&api, question = std::move(question)](const http::ExchangePtr& exchange) {
              answer(exchange, api.store.read([&](const Store& store) { return question(store, *exchange); }));
            });
}

void add_write(http::Router& router, const Api& api, http::Method method, const std::string& pattern,
               Preparation prepare) {
  add_route(router, api, method, pattern, http::Access::kWrite,
            [&api, prepare = std::move(prepare)](const http::ExchangePtr& exchange) {
              Answer<Decide> decide = prepare(*exchange);
              if (!decide) return answer(exchange, std::unexpected(std::move(decide.error())));
              submit(api, exchange, *std::move(decide));
            });
}

void submit(const Api& api, const http::ExchangePtr& exchange, Decide decide) {
  Write write;
  write.decide = std::move(decide);
  write.done = [exchange](Answer<std::string> body) { answer(exchange, std::move(body)); };
  if (exchange->request().field("x-forward").empty()) {
    write.forward = [&api, exchange](const std::string& url) { api.forward(url, exchange); };
  }
  api.writer.submit(std::move(write));
}

http::Router make_router(const Api& api) {
  http::Router router;
  for (const auto add : {add_subject_routes, add_version_routes, add_schema_routes, add_compatibility_routes,
                         add_config_routes, add_mode_routes, add_context_routes, add_server_routes}) {
    add(router, api);
  }
  return router;
}

}  // namespace omashu::schema_registry::server
