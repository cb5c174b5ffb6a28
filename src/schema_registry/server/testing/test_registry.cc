#include "schema_registry/server/testing/test_registry.h"

#include <fmt/core.h>

#include <future>

#include "base/json.h"
#include "http/testing/promised_exchange.h"

namespace omashu::schema_registry::server::testing {

namespace {

using namespace std::chrono_literals;

http::Method method_of(std::string_view name) {
  for (const auto method : {http::Method::kGet, http::Method::kPost, http::Method::kPut, http::Method::kDelete}) {
    if (http::method_name(method) == name) return method;
  }
  return http::Method::kOther;
}

}  // namespace

TestRegistry::TestRegistry(MemoryLog& log, WriterOptions options)
    : writer_(std::move(options), store_, log),
      api_{.store = store_,
           .writer = writer_,
           .forward =
               [this](const std::string& url, const http::ExchangePtr& exchange) {
                 {
                   const MutexLock lock(mutex_);
                   forwarded_to_.push_back(url);
                 }
                 on_forward ? on_forward(url, exchange) : answer(exchange, refuse(error_code::kForwarding, "nobody"));
               },
           .kafka_cluster_id = "cluster-1",
           .group = "schema-registry",
           .version = "1.2.3"},
      router_(make_router(api_)) {
  log.add_reader(store_, [this] { writer_.wake(); });
}

TestRegistry::~TestRegistry() { writer_.stop(); }

TestResponse TestRegistry::ask(const std::string& method_and_target, const std::string& body,
                               std::vector<http::Field> fields) {
  const size_t blank = method_and_target.find(' ');
  http::Request request = {.method = method_of(method_and_target.substr(0, blank)),
                           .target = method_and_target.substr(blank + 1),
                           .fields = std::move(fields),
                           .body = body};
  http::Router::Match match = router_.find(request.method, request.path());
  if (match.route == nullptr) return {.status = match.allowed.empty() ? 404 : 405, .body = "", .content_type = ""};
  std::promise<http::Response> promise;
  std::future<http::Response> answered = promise.get_future();
  match.route->handler(std::make_shared<http::testing::PromisedExchange>(
      std::move(request), std::move(match.parameters), std::move(promise)));
  if (answered.wait_for(10s) != std::future_status::ready)
    return {.status = 0, .body = "no answer", .content_type = ""};
  http::Response response = answered.get();
  return {response.status, std::move(response.body), std::move(response.content_type)};
}

std::string TestRegistry::told(const TestResponse& response) {
  if (response.status < 300) return response.body;
  const auto error = json::parse(response.body);
  const json::Value* code = error ? error->find("error_code") : nullptr;
  return fmt::format("{} {}", response.status, code == nullptr ? "?" : code->text());
}

std::string TestRegistry::get(const std::string& target) { return told(ask("GET " + target)); }
std::string TestRegistry::post(const std::string& target, const std::string& body) {
  return told(ask("POST " + target, body));
}
std::string TestRegistry::put(const std::string& target, const std::string& body) {
  return told(ask("PUT " + target, body));
}
std::string TestRegistry::remove(const std::string& target) { return told(ask("DELETE " + target)); }

void TestRegistry::wait_until_led() {
  // Writes wait for somebody to lead; this one changes nothing.
  std::promise<void> led;
  Write nothing;
  nothing.decide = [](const Store&) { return Decision(); };
  nothing.done = [&led](const auto&) { led.set_value(); };
  writer_.submit(std::move(nothing));
  led.get_future().wait();
}

std::vector<std::string> TestRegistry::forwarded_to() const {
  const MutexLock lock(mutex_);
  return forwarded_to_;
}

std::string schema_body(const std::string& schema, const std::string& further_members) {
  std::string body = R"({"schema":)";
  json::append_quoted(body, schema);
  return body + further_members + "}";
}

}  // namespace omashu::schema_registry::server::testing
