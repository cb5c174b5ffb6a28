#include "service/testing/operation_client.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <utility>

#include "service/operation_router.h"

namespace omashu::service::testing {

namespace {

class TestExchange : public http::Exchange {
 public:
  TestExchange(http::Request request, std::vector<std::pair<std::string_view, std::string>> parameters,
               std::shared_ptr<std::promise<http::Response>> answered)
      : answered_(std::move(answered)) {
    request_ = std::move(request);
    parameters_ = std::move(parameters);
  }
  ~TestExchange() override {
    if (!is_answered_) answered_->set_value({.status = 500});
  }

  void answer(http::Response response) override {
    if (!std::exchange(is_answered_, true)) answered_->set_value(std::move(response));
  }

 private:
  std::shared_ptr<std::promise<http::Response>> answered_;
  bool is_answered_ = false;
};

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
  auto answered = std::make_shared<std::promise<http::Response>>();
  auto response = answered->get_future();
  match.route->handler(
      std::make_shared<TestExchange>(std::move(request), std::move(match.parameters), std::move(answered)));
  if (response.wait_for(std::chrono::seconds(10)) != std::future_status::ready) return {.status = 0};
  return response.get();
}

std::string field_of(const http::Response& response, std::string_view name) {
  const auto found = std::ranges::find(response.fields, name, &http::Field::name);
  return found == response.fields.end() ? "" : found->value;
}

}  // namespace omashu::service::testing
