#include "service/operation_router.h"

#include <fmt/core.h>

#include <set>
#include <utility>

#include "base/utf8.h"
#include "service/request_check.h"

namespace omashu::service {

namespace {

std::optional<Problem> check_path(const http::Exchange& exchange, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (is_valid_utf8(exchange.parameter(name))) continue;
    return Problem{.type = ProblemType::kMalformedRequest,
                   .detail = fmt::format("{} in the path is not percent-encoded UTF-8", name)};
  }
  return std::nullopt;
}

http::Handler checked(RequestCheck check, const Operation& operation) {
  std::vector<std::string> in_path;
  for (const Parameter& parameter : operation.parameters) {
    if (parameter.place == Parameter::Place::kPath) in_path.push_back(parameter.name);
  }
  return [check = std::move(check), in_path = std::move(in_path),
          handler = operation.handler](const http::ExchangePtr& exchange) {
    if (const auto problem = check_path(*exchange, in_path)) return answer(exchange, *problem);
    if (const auto problem = check.check(exchange->request())) return answer(exchange, *problem);
    handler(exchange);
  };
}

}  // namespace

Result<http::Router> make_router(const Operations& operations) {
  http::Router router;
  std::set<std::string> ids;
  std::set<std::pair<std::string, http::Method>> routes;
  for (const Operation& operation : operations) {
    auto check = RequestCheck::make(operation);
    if (!check) return fail(std::move(check.error()));
    if (!ids.insert(operation.id).second || !routes.emplace(operation.pattern, operation.method).second) {
      return fail(ErrorCode::kInternal, fmt::format("{}: two operations have this id or route", operation.id));
    }
    router.add(operation.method, operation.pattern, operation.access, checked(*std::move(check), operation));
  }
  return router;
}

}  // namespace omashu::service
