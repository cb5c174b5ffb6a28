#include "http/gate.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "http/origin.h"

namespace omashu::http {

namespace {

// How long a browser may remember what it was told beforehand.
constexpr const char* kPreflightSeconds = "600";

constexpr const char* kExposedFields =
    "ETag, Last-Modified, Location, Retry-After, Omashu-Position, Omashu-Lag, Content-Encoding";

// The table that a request names: routes call it {table} or, where it is any topic, {topic}.
std::optional<std::string_view> table_of(const Router::Match& match) {
  for (const auto& [name, value] : match.parameters) {
    if (name == "table" || name == "topic") return value;
  }
  return std::nullopt;
}

std::string_view role_name(Access access) {
  return access == Access::kAdmin ? "admin" : access == Access::kWrite ? "write" : "read";
}

}  // namespace

Gate::Gate(const ServerOptions& options, HostCheck host_check, Router router)
    : options_(options), host_check_(std::move(host_check)), router_(std::move(router)), rates_(options.rate_limit) {}

std::optional<Response> Gate::answer_early(const Request& request) const {
  const std::string_view host = request.field("host");
  if (!host_check_.lets_pass(host)) {
    return error(421, fmt::format("this server does not answer to the host '{}': it listens for this machine, or under "
                                  "other names; if the name is its own, start it with --host-name",
                                  host));
  }
  const bool is_preflight = request.method == Method::kOptions && !request.field("origin").empty() &&
                            !request.field("access-control-request-method").empty();
  if (is_preflight && allows_origin(request.field("origin"))) return preflight_answer(request);
  return std::nullopt;
}

std::expected<Router::Match, Response> Gate::admit(const Request& request, const IdentityPtr& identity,
                                                   std::string_view client_address) const {
  if (auto too_many = count(identity, client_address)) return std::unexpected(*std::move(too_many));
  Router::Match match = router_.find(request.method, request.path());
  if (auto refusal = refuse(request, match, identity)) return std::unexpected(*std::move(refusal));
  return match;
}

std::optional<Response> Gate::refuse(const Request& request, const Router::Match& match,
                                     const IdentityPtr& identity) const {
  const bool is_public = match.route != nullptr && match.route->access == Access::kPublic;
  if (options_.authenticator != nullptr && identity == nullptr && !is_public) return ask_for_login();
  if (match.route == nullptr) {
    if (match.allowed.empty()) return error(404, "HTTP 404 Not Found");
    Response response = error(405, "HTTP 405 Method Not Allowed");
    response.fields.push_back({"Allow", match.allowed});
    return response;
  }
  const Access access = match.route->access;
  const auto table = table_of(match);
  if (identity != nullptr && !identity->grants.allow(access, table)) {
    const std::string what = table ? fmt::format("the table {}", *table) : "everything";
    return error(403, fmt::format("this user may not do that: it takes the role {} for {}", role_name(access), what));
  }
  // Browsers send requests that any web page makes: that page's origin is told.
  if (access >= Access::kWrite && !is_trusted_origin(request)) {
    return error(403, "a page of another origin may not write");
  }
  return std::nullopt;
}

std::optional<Response> Gate::count(const IdentityPtr& identity, std::string_view client_address) const {
  if (options_.rate_limit.requests_per_second <= 0) return std::nullopt;
  const std::string client = identity != nullptr ? "user " + identity->name : client_of_address(client_address);
  const auto wait = rates_.count(client, options_.now());
  if (!wait) return std::nullopt;
  Response response = error(429, fmt::format("at most {} requests a second are answered, {} at once: ask again later",
                                             options_.rate_limit.requests_per_second, options_.rate_limit.burst));
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
  response.fields.push_back({"Retry-After", std::to_string(seconds)});
  return response;
}

Response Gate::ask_for_login() const {
  Response response = error(401, "name and password are not right, or missing");
  response.fields.push_back({"WWW-Authenticate", options_.authenticator->challenge()});
  return response;
}

Response Gate::preflight_answer(const Request& request) const {
  const Router::Match match = router_.find(Method::kOther, request.path());
  const std::string& methods = match.allowed;
  if (methods.empty()) return error(404, "HTTP 404 Not Found");
  Response response{.status = 204};
  response.fields.push_back({"Access-Control-Allow-Methods", methods});
  const std::string_view fields = request.field("access-control-request-headers");
  if (!fields.empty()) response.fields.push_back({"Access-Control-Allow-Headers", std::string(fields)});
  response.fields.push_back({"Access-Control-Max-Age", kPreflightSeconds});
  return response;
}

std::vector<Field> Gate::cross_origin_fields(const Request& request) const {
  if (options_.allowed_origins.empty()) return {};
  std::vector<Field> fields = {{"Vary", "Origin"}};
  const std::string_view origin = request.field("origin");
  if (origin.empty() || !allows_origin(origin)) return fields;
  const bool is_named = std::ranges::find(options_.allowed_origins, origin) != options_.allowed_origins.end();
  fields.push_back({"Access-Control-Allow-Origin", is_named ? std::string(origin) : "*"});
  if (is_named) fields.push_back({"Access-Control-Allow-Credentials", "true"});
  fields.push_back({"Access-Control-Expose-Headers", kExposedFields});
  return fields;
}

bool Gate::allows_origin(std::string_view origin) const {
  return std::ranges::any_of(options_.allowed_origins,
                             [origin](const std::string& allowed) { return allowed == "*" || allowed == origin; });
}

// Where every origin may read ("*"), none of them may write: a browser adds what it remembers of the user.
bool Gate::is_trusted_origin(const Request& request) const {
  const std::string_view origin = request.field("origin");
  return origin.empty() || is_same_origin(origin, request.field("host")) ||
         std::ranges::find(options_.allowed_origins, origin) != options_.allowed_origins.end();
}

}  // namespace omashu::http
