#include "service/testing/operation_client.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <utility>

#include "http/testing/promised_exchange.h"
#include "service/operation_router.h"

namespace omashu::service::testing {

namespace {

http::Router router_of(const Operations& operations) {
  auto router = make_router(operations);
  if (!router) {
    std::fprintf(stderr, "%s\n", router.error().message.c_str());
    std::abort();
  }
  return *std::move(router);
}

}  // namespace

OperationClient::OperationClient(const Operations& operations) : router_(router_of(operations)) {}

http::Response OperationClient::ask(Question question) const {
  http::Request request{.method = question.method,
                        .target = std::move(question.target),
                        .fields = std::move(question.fields),
                        .body = std::move(question.body)};
  auto match = router_.find(request.method, request.path());
  if (match.route == nullptr) return {.status = match.allowed.empty() ? 404 : 405};
  std::promise<http::Response> answer;
  auto response = answer.get_future();
  match.route->handler(std::make_shared<http::testing::PromisedExchange>(
      std::move(request), std::move(match.parameters), std::move(answer)));
  if (response.wait_for(std::chrono::seconds(10)) != std::future_status::ready) return {.status = 0};
  return response.get();
}

std::string field_of(const http::Response& response, std::string_view name) {
  const auto found = std::ranges::find(response.fields, name, &http::Field::name);
  return found == response.fields.end() ? "" : found->value;
}

}  // namespace omashu::service::testing
