#include "service/group/peer_client.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "http_client/http_loop.h"

namespace omashu::service {

namespace {

constexpr int kMaxInFlight = 512;
constexpr size_t kMaxResponseBytes = size_t{64} << 20;
constexpr std::chrono::seconds kConnectTimeout{2};

constexpr std::string_view kPassedOn[] = {"accept",        "authorization",   "content-type", "if-match",
                                          "if-none-match", "idempotency-key", "last-event-id"};
// What belongs to one connection, or is written by whoever answers.
constexpr std::string_view kNotPassedBack[] = {"connection", "content-length",    "content-type", "content-encoding",
                                               "date",       "transfer-encoding", "keep-alive"};

std::string small_letters(std::string_view name) {
  std::string small(name);
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
  return small;
}

class PeerJob : public http_client::HttpJob {
 public:
  PeerJob(PeerRequest request, std::function<void(PeerAnswer)> done)
      : request_(std::move(request)), done_(std::move(done)) {}

  http_client::HttpExchange begin(std::chrono::steady_clock::time_point) override {
    http_client::HttpExchange sent;
    sent.method = http::method_name(request_.request.method);
    sent.url = request_.url + request_.request.target;
    sent.body = request_.request.body;
    for (const http::Field& field : request_.request.fields) {
      sent.headers.push_back(fmt::format("{}: {}", field.name, field.value));
    }
    sent.is_direct = true;
    sent.timeout = request_.timeout;
    return sent;
  }

  std::optional<std::chrono::milliseconds> end(http_client::HttpOutcome outcome,
                                               std::chrono::steady_clock::time_point) override {
    PeerAnswer answer;
    if (outcome.kind != http_client::AttemptOutcome::Kind::kAnswered) {
      answer.detail = fmt::format("{} did not answer: {}", request_.url, outcome.detail);
    } else {
      answer.kind = PeerAnswer::Kind::kAnswered;
      answer.response.status = outcome.status;
      answer.response.content_type = std::move(outcome.content_type);
      answer.response.body = std::move(outcome.body);
      for (auto& [name, value] : outcome.headers) {
        const std::string small = small_letters(name);
        if (small == kNotOwnerHeader) answer.kind = PeerAnswer::Kind::kNotOwner;
        // Whether it is compressed is this server's matter.
        if (small == "vary" && value == "Accept-Encoding") continue;
        if (small.starts_with("access-control-") || std::ranges::count(kNotPassedBack, small) > 0) continue;
        answer.response.fields.push_back({std::move(name), std::move(value)});
      }
    }
    std::exchange(done_, nullptr)(std::move(answer));
    return std::nullopt;
  }

 private:
  const PeerRequest request_;
  std::function<void(PeerAnswer)> done_;
};

}  // namespace

Result<std::unique_ptr<PeerClient>> PeerClient::open(const PeerOptions& options) {
  http_client::HttpLoopOptions loop_options;
  loop_options.max_in_flight = kMaxInFlight;
  loop_options.max_response_bytes = kMaxResponseBytes;
  loop_options.connect_timeout = kConnectTimeout;
  loop_options.ca_file = options.ca_file;
  auto loop = http_client::HttpLoop::start(std::move(loop_options));
  if (!loop) return fail(std::move(loop.error()));
  return std::unique_ptr<PeerClient>(new PeerClient(*std::move(loop)));
}

PeerClient::PeerClient(std::unique_ptr<http_client::HttpLoop> loop) : loop_(std::move(loop)) {}
PeerClient::~PeerClient() = default;

void PeerClient::ask(PeerRequest request, std::function<void(PeerAnswer)> done) {
  loop_->submit(std::make_shared<PeerJob>(std::move(request), std::move(done)));
}

http::Request PeerClient::forwarded(const http::Request& request) {
  // Of the answer to HEAD only the head is sent on.
  const auto method = request.method == http::Method::kHead ? http::Method::kGet : request.method;
  http::Request sent{.method = method, .target = request.target, .body = request.body};
  for (const http::Field& field : request.fields) {
    if (std::ranges::count(kPassedOn, field.name) > 0) sent.fields.push_back(field);
  }
  sent.fields.push_back({kForwardedHeader, "1"});
  return sent;
}

}  // namespace omashu::service
