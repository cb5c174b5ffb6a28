#include "schema_registry/client/registry_call.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "schema_registry/client/media_types.h"
#include "schema_registry/client/retry.h"

namespace omashu::schema_registry {

namespace {

using http_client::HttpExchange;
using http_client::HttpOutcome;
using http_client::TlsFault;
using Clock = std::chrono::steady_clock;
using Kind = AttemptOutcome::Kind;

// "user:password" to its two parts; the password may hold colons.
std::pair<std::string, std::string> split_user_info(const std::string& user_info) {
  const size_t colon = user_info.find(':');
  if (colon == std::string::npos) return {user_info, ""};
  return {user_info.substr(0, colon), user_info.substr(colon + 1)};
}

std::string tls_advice(TlsFault fault) {
  switch (fault) {
    case TlsFault::kOtherName:
      return "the certificate is for another name: address the registry by one that stands in it";
    case TlsFault::kUnknownAuthority:
      return "name the authority that signed the registry's certificate (PEM) with schema.registry.ssl.ca.location";
    case TlsFault::kUnreadableAuthority: return "schema.registry.ssl.ca.location must be a readable file of PEM";
    case TlsFault::kOwnCertificate:
      return "see schema.registry.ssl.certificate.location, schema.registry.ssl.key.location and "
             "schema.registry.ssl.key.password";
    case TlsFault::kOwnCertificateMissing: break;
  }
  return "give schema.registry.ssl.certificate.location and schema.registry.ssl.key.location (PEM)";
}

}  // namespace

class RegistryCaller::Job : public http_client::HttpJob {
 public:
  Job(RegistryCaller& caller, Request request, std::chrono::milliseconds timeout, bool is_patient, Done done)
      : caller_(caller),
        request_(std::move(request)),
        timeout_(timeout),
        done_(std::move(done)),
        plan_({caller.options_.attempt_timeout, caller.options_.first_backoff, caller.options_.longest_backoff,
               caller.has_answered_ || is_patient ? timeout : caller.options_.unreachable_timeout.value_or(timeout)},
              caller.endpoints_.size(), caller.preferred_.load()) {}

  HttpExchange begin(Clock::time_point now) override {
    if (!plan_.has_started()) plan_.start(now, timeout_);
    asked_ = plan_.url();
    const Endpoint& endpoint = caller_.endpoints_[asked_];
    HttpExchange exchange;
    exchange.method = request_.method;
    exchange.url = endpoint.base_url + request_.path;
    exchange.body = request_.body;
    exchange.user = endpoint.user;
    exchange.password = endpoint.password;
    exchange.bearer_token = caller_.options_.bearer_token;
    exchange.is_direct = endpoint.is_loopback;
    exchange.timeout = plan_.attempt_timeout(now);
    return exchange;
  }

  std::optional<std::chrono::milliseconds> end(HttpOutcome outcome, Clock::time_point now) override {
    if (outcome.kind == Kind::kAnswered) caller_.has_answered_ = true;
    const double random = std::uniform_real_distribution<double>(0, 1)(caller_.random_);
    if (const auto wait = plan_.next(outcome, now, random)) {
      previous_ = {asked_, std::move(outcome)};
      return wait;
    }
    if (outcome.kind == Kind::kAnswered && outcome.status < 500) caller_.preferred_.store(asked_);
    // The last attempt had only what was left of the time: what the one before met says more than that it was short.
    if (outcome.kind == Kind::kTimedOut && previous_) std::tie(asked_, outcome) = std::move(*previous_);
    if (outcome.kind != Kind::kAnswered) {
      done_(fail(error_of(outcome)));
    } else {
      done_(Answer{outcome.status, std::move(outcome.content_type), std::move(outcome.location),
                   std::move(outcome.body), called(), plan_.attempts()});
    }
    return std::nullopt;
  }

 private:
  std::string called() const { return request_.method + ' ' + caller_.endpoints_[asked_].base_url + request_.path; }

  Error error_of(const HttpOutcome& outcome) const {
    switch (outcome.kind) {
      case Kind::kCancelled:
        return {ErrorCode::kCancelled, fmt::format("{}: the registry client was closed", called()), {}};
      case Kind::kHopeless: return {ErrorCode::kUnavailable, fmt::format("{}: {}", called(), outcome.detail), {}};
      default: break;
    }
    const bool timed_out = outcome.kind == Kind::kTimedOut;
    return {timed_out ? ErrorCode::kTimeout : ErrorCode::kUnavailable,
            fmt::format("{}: {}{}{}; is the schema registry running there?", called(), outcome.detail,
                        plan_.attempts() > 1 ? fmt::format(" (attempt {})", plan_.attempts()) : "", others()),
            {}};
  }

  // The other URLs, all of which have been asked as well.
  std::string others() const {
    std::string text;
    for (size_t i = 0; i < caller_.endpoints_.size(); ++i) {
      if (i != asked_) text += (text.empty() ? ", nor answered " : ", ") + caller_.endpoints_[i].base_url;
    }
    return text;
  }

  RegistryCaller& caller_;
  const Request request_;
  const std::chrono::milliseconds timeout_;
  const Done done_;
  RetryPlan plan_;
  size_t asked_ = 0;
  std::optional<std::pair<size_t, HttpOutcome>> previous_;  // whom the attempt before asked, and what came
};

Result<std::unique_ptr<RegistryCaller>> RegistryCaller::open(const ClientOptions& options) {
  std::unique_ptr<RegistryCaller> caller(new RegistryCaller(options));
  Result<std::vector<Endpoint>> endpoints = parse_endpoints(options.urls);
  if (!endpoints) return fail(std::move(endpoints.error()));
  const auto [user, password] = split_user_info(options.basic_auth_user_info);
  for (Endpoint& endpoint : *endpoints) {
    if (!endpoint.user.empty()) continue;
    endpoint.user = user;
    endpoint.password = password;
  }
  caller->endpoints_ = std::move(*endpoints);
  caller->random_.seed(std::random_device()());
  auto loop = http_client::HttpLoop::start({.max_in_flight = std::max(options.max_in_flight, 1),
                                            .max_response_bytes = options.max_response_bytes,
                                            .connect_timeout = options.connect_timeout,
                                            .headers = media_type_headers(),
                                            .ca_file = options.ca_file,
                                            .certificate_file = options.certificate_file,
                                            .key_file = options.key_file,
                                            .key_password = options.key_password,
                                            .tls_advice = tls_advice});
  if (!loop) return fail(std::move(loop.error()));
  caller->loop_ = std::move(*loop);
  return caller;
}

void RegistryCaller::call(Request request, std::chrono::milliseconds timeout, Done done, bool is_patient) {
  if (options_.on_call) {
    options_.on_call(1);
    done = [done = std::move(done), &told = options_.on_call](Result<Answer> answer) {
      told(-1);
      done(std::move(answer));
    };
  }
  loop_->submit(std::make_shared<Job>(*this, std::move(request), timeout, is_patient, std::move(done)));
}

}  // namespace omashu::schema_registry
