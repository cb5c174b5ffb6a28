#include "schema_registry/server/forwarder.h"

#include <fmt/core.h>

#include <utility>

#include "http_client/http_loop.h"
#include "schema_registry/client/media_types.h"
#include "schema_registry/server/route_support.h"

namespace omashu::schema_registry::server {

namespace {

constexpr int kMaxInFlight = 32;
constexpr size_t kMaxResponseBytes = 64 << 20;
constexpr std::chrono::seconds kConnectTimeout{3};

class ForwardedRequest : public http_client::HttpJob {
 public:
  ForwardedRequest(std::string url, std::chrono::milliseconds timeout, http::ExchangePtr exchange)
      : url_(std::move(url)), timeout_(timeout), exchange_(std::move(exchange)) {}

  http_client::HttpExchange begin(std::chrono::steady_clock::time_point) override {
    const http::Request& request = exchange_->request();
    http_client::HttpExchange sent;
    sent.method = method_name(request.method);
    sent.url = url_ + request.target;
    sent.body = request.body;
    sent.headers.push_back(fmt::format("{}: true", kForwardHeader));
    // The leader knows the same users, and decides for itself what they may do.
    for (const char* name : {"authorization", kAcceptUnknownHeader}) {
      const std::string_view value = request.field(name);
      if (!value.empty()) sent.headers.push_back(fmt::format("{}: {}", name, value));
    }
    sent.is_direct = true;
    sent.timeout = timeout_;
    return sent;
  }

  // Once only: where the connection broke, the leader may have done it.
  std::optional<std::chrono::milliseconds> end(http_client::HttpOutcome outcome,
                                               std::chrono::steady_clock::time_point) override {
    const http::ExchangePtr exchange = std::exchange(exchange_, nullptr);
    if (outcome.kind == http_client::AttemptOutcome::Kind::kAnswered) {
      exchange->answer(
          {.status = outcome.status, .content_type = outcome.content_type, .body = std::move(outcome.body)});
    } else {
      answer(exchange, refuse(error_code::kForwarding,
                              fmt::format("the registry that leads, {}, did not answer: {}", url_, outcome.detail)));
    }
    return std::nullopt;
  }

 private:
  const std::string url_;
  const std::chrono::milliseconds timeout_;
  http::ExchangePtr exchange_;
};

}  // namespace

Result<std::unique_ptr<Forwarder>> Forwarder::open(const std::string& ca_file, std::chrono::milliseconds timeout) {
  http_client::HttpLoopOptions options;
  options.max_in_flight = kMaxInFlight;
  options.max_response_bytes = kMaxResponseBytes;
  options.connect_timeout = kConnectTimeout;
  options.headers = media_type_headers();
  options.ca_file = ca_file;
  auto loop = http_client::HttpLoop::start(std::move(options));
  if (!loop) return fail(std::move(loop.error()));
  return std::unique_ptr<Forwarder>(new Forwarder(*std::move(loop), timeout));
}

Forwarder::Forwarder(std::unique_ptr<http_client::HttpLoop> loop, std::chrono::milliseconds timeout)
    : timeout_(timeout), loop_(std::move(loop)) {}
Forwarder::~Forwarder() = default;

void Forwarder::forward(const std::string& url, const http::ExchangePtr& exchange) {
  loop_->submit(std::make_shared<ForwardedRequest>(url, timeout_, exchange));
}

}  // namespace omashu::schema_registry::server
