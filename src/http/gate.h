// Whether a request may be handled, and by whom it is: asked of each before its route's handler has it. Private to this
// folder. Immutable but for what it counts; thread-safe.

#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/host_check.h"
#include "http/identity.h"
#include "http/rate_limiter.h"
#include "http/router.h"
#include "http/server.h"

namespace omashu::http {

class Gate {
 public:
  Gate(const ServerOptions& options, HostCheck host_check, Router router);

  // The answer to what is decided before anybody is asked who he is: another host's name, and a page's question
  // beforehand what it may do (CORS preflight).
  std::optional<Response> answer_early(const Request& request) const;

  // The route of a request by somebody, or by nobody (null); or the answer that refuses it.
  std::expected<Router::Match, Response> admit(const Request& request, const IdentityPtr& identity,
                                               std::string_view client_address) const;

  // What a page of an allowed origin must find in the head of every answer.
  std::vector<Field> cross_origin_fields(const Request& request) const;

  // Whether a page that asks is this server's own, or of an origin that was named. Requests without one are no page's.
  bool is_trusted_origin(const Request& request) const;

 private:
  Response error(int status, std::string_view message) const { return options_.error_response(status, message); }
  std::optional<Response> refuse(const Request& request, const Router::Match& match, const IdentityPtr& identity) const;
  std::optional<Response> count(const IdentityPtr& identity, std::string_view client_address) const;
  Response ask_for_login() const;
  Response preflight_answer(const Request& request) const;
  bool allows_origin(std::string_view origin) const;

  const ServerOptions& options_;
  const HostCheck host_check_;
  const Router router_;
  mutable RateLimiter rates_;
};

}  // namespace omashu::http
