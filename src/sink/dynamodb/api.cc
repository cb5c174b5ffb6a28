#include "sink/dynamodb/api.h"

#include <fmt/core.h>

#include <algorithm>
#include <random>

#include "base/shown.h"

namespace omashu::sink::dynamodb {

namespace {

using http_client::HttpExchange;
using http_client::HttpOutcome;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t kMaxResponseBytes = size_t{20} << 20;  // UnprocessedItems repeats up to 16 MB
constexpr std::chrono::seconds kConnectTimeout{5};
constexpr std::string_view kApiVersion = "DynamoDB_20120810.";

// Repetitions of one request, before the engine is told that the service is away. It comes again with the batch.
constexpr int kMaxThrottled = 10;
constexpr int kMaxFailures = 4;

std::string host_of(std::string_view endpoint) { return std::string(endpoint.substr(endpoint.find("://") + 3)); }

std::string tls_advice(http_client::TlsFault) {
  return "libcurl trusts the certificates of the system: add the authority there, or name its file in CURL_CA_BUNDLE";
}

}  // namespace

std::string default_endpoint(const std::string& region) {
  return fmt::format("https://dynamodb.{}.amazonaws.com{}", region, region.starts_with("cn-") ? ".cn" : "");
}

Result<std::string> parse_endpoint(std::string_view url) {
  std::string_view rest = url;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
  }
  const bool has_scheme = rest.size() != url.size();
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const bool is_host = !rest.empty() && std::ranges::all_of(rest, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-_:[]").find(c) != std::string_view::npos;
  });
  if (!has_scheme || !is_host) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: an endpoint is a URL without a path, as http://127.0.0.1:8000", shown(url)));
  }
  return std::string(url.substr(0, url.size() - (url.ends_with('/') ? 1 : 0)));
}

bool is_loopback(std::string_view endpoint) {
  const std::string host = host_of(endpoint);
  return host.starts_with("127.") || host == "localhost" || host.starts_with("localhost:") || host.starts_with("[::1]");
}

// One call of run(), or of call(): the jobs hold it, so it outlives a caller that goes before they have ended.
class Api::Run : public std::enable_shared_from_this<Run> {
 public:
  Run(Api& api, StatementSource& source) : api_(api), source_(&source) {}

  void start() {
    const MutexLock lock(mutex_);
    send_more();
  }

  WriteResult wait(const std::stop_token& stop) {
    const std::stop_callback on_stop(stop, [this] {
      const MutexLock lock(mutex_);
      changed_.notify_all();
    });
    MutexLock lock(mutex_);
    while (in_flight_ > 0 && !stop.stop_requested()) changed_.wait(lock);
    source_ = nullptr;
    if (failure_) return std::unexpected(*failure_);
    if (in_flight_ == 0) return {};
    return std::unexpected(WriteFailure::try_again({ErrorCode::kCancelled, "the sink is stopping", std::nullopt}));
  }

  std::optional<Statement> remaining(size_t number, const Answer& answer) {
    const MutexLock lock(mutex_);
    return source_ == nullptr ? std::nullopt : source_->remaining(number, answer);
  }

  void finish(size_t number, Answer answer) {
    const MutexLock lock(mutex_);
    --in_flight_;
    if (source_ != nullptr) source_->on_answer(number, std::move(answer));
    send_more();
    if (in_flight_ == 0) changed_.notify_all();
  }

  void fail_with(WriteFailure failure) {
    const MutexLock lock(mutex_);
    --in_flight_;
    if (!failure_ || failure.kind == WriteFailure::Kind::kStop) failure_ = std::move(failure);
    if (in_flight_ == 0) changed_.notify_all();
  }

  // Whether nobody waits for further requests any more.
  bool is_over() const {
    const MutexLock lock(mutex_);
    return source_ == nullptr || failure_.has_value();
  }

 private:
  void send_more() REQUIRES(mutex_);

  Api& api_;

  mutable Mutex mutex_;
  ConditionVariable changed_;
  StatementSource* source_ GUARDED_BY(mutex_);  // nullptr once the caller has gone
  int in_flight_ GUARDED_BY(mutex_) = 0;
  std::optional<WriteFailure> failure_ GUARDED_BY(mutex_);
};

class Api::Job : public http_client::HttpJob {
 public:
  Job(Api& api, std::shared_ptr<Run> run, size_t number, Statement statement)
      : api_(api), run_(std::move(run)), number_(number), statement_(std::move(statement)) {}

  HttpExchange begin(steady_clock::time_point) override {
    ++api_.requests_;
    {
      const MutexLock lock(api_.mutex_);
      round_ = api_.limit_.round();
    }
    return api_.sign(statement_);
  }

  std::optional<milliseconds> end(HttpOutcome outcome, steady_clock::time_point) override {
    Answer answer = judge(std::move(outcome), statement_.operation, api_.options_.table);
    if (answer.verdict == Verdict::kDone) take_remaining(answer);
    switch (answer.verdict) {
      case Verdict::kDone:
      case Verdict::kOlder:
      case Verdict::kRefused: {
        {
          const MutexLock lock(api_.mutex_);
          api_.limit_.on_success();
        }
        run_->finish(number_, std::move(answer));
        return std::nullopt;
      }
      case Verdict::kStop: run_->fail_with(WriteFailure::stop(std::move(answer.error))); return std::nullopt;
      case Verdict::kThrottled: on_throttle(); break;
      case Verdict::kExpired: api_.has_expired_ = true; break;
      case Verdict::kTryAgain: break;
    }
    return repeat(std::move(answer));
  }

 private:
  // DynamoDB wrote a part of the items, because it had no capacity for the others.
  void take_remaining(Answer& answer) {
    std::optional<Statement> rest = run_->remaining(number_, answer);
    if (!rest) return;
    statement_ = *std::move(rest);
    answer = {Verdict::kThrottled,
              Error{ErrorCode::kUnavailable,
                    fmt::format("{} on table {}: DynamoDB leaves items unprocessed", statement_.operation,
                                api_.options_.table),
                    std::nullopt},
              ""};
  }

  void on_throttle() {
    ++api_.throttled_;
    const MutexLock lock(api_.mutex_);
    api_.limit_.on_throttle(round_);
  }

  std::optional<milliseconds> repeat(Answer answer) {
    const int max = answer.verdict == Verdict::kThrottled ? kMaxThrottled : kMaxFailures;
    const bool is_last = answer.verdict == Verdict::kExpired || answer.error.code == ErrorCode::kCancelled;
    if (is_last || attempts_ >= max || run_->is_over()) {
      run_->fail_with(WriteFailure::try_again(std::move(answer.error)));
      return std::nullopt;
    }
    ++api_.repeated_;
    return backoff();
  }

  // Half of it is sure, half is random, so that requests that were refused together do not come again together.
  milliseconds backoff() {
    thread_local std::minstd_rand random{std::random_device()()};
    const milliseconds longest = std::min(api_.options_.first_backoff * (int64_t{1} << std::min(attempts_++, 20)),
                                          api_.options_.longest_backoff);
    const double share = 0.5 + std::uniform_real_distribution<double>(0, 0.5)(random);
    return milliseconds(static_cast<int64_t>(static_cast<double>(longest.count()) * share));
  }

  Api& api_;
  const std::shared_ptr<Run> run_;
  const size_t number_;
  Statement statement_;
  uint64_t round_ = 0;
  int attempts_ = 0;
};

void Api::Run::send_more() {
  int limit = 0;
  {
    const MutexLock lock(api_.mutex_);
    limit = api_.limit_.limit();
  }
  while (source_ != nullptr && !failure_ && in_flight_ < limit) {
    auto next = source_->next();
    if (!next) return;
    ++in_flight_;
    api_.loop_->submit(std::make_shared<Job>(api_, shared_from_this(), next->first, std::move(next->second)));
  }
}

Api::Api(ApiOptions options)
    : options_(std::move(options)),
      host_(host_of(options_.endpoint)),
      signer_(options_.region, "dynamodb"),
      limit_(options_.max_in_flight) {}

Api::~Api() = default;

Result<std::unique_ptr<Api>> Api::open(ApiOptions options) {
  std::unique_ptr<Api> api(new Api(std::move(options)));
  auto loop = http_client::HttpLoop::start({.max_in_flight = std::max(api->options_.max_in_flight, 1),
                                            .max_response_bytes = kMaxResponseBytes,
                                            .connect_timeout = kConnectTimeout,
                                            .tls_advice = tls_advice});
  if (!loop) return fail(std::move(loop.error()));
  api->loop_ = *std::move(loop);
  return api;
}

void Api::use(Credentials credentials) {
  const MutexLock lock(mutex_);
  credentials_ = std::move(credentials);
}

Api::Counts Api::counts() const {
  const MutexLock lock(mutex_);
  return {requests_, throttled_, repeated_, limit_.limit()};
}

HttpExchange Api::sign(const Statement& statement) {
  HttpExchange exchange;
  exchange.method = "POST";
  exchange.url = options_.endpoint + "/";
  exchange.body = statement.body;
  exchange.timeout = options_.timeout;
  exchange.is_direct = is_loopback(options_.endpoint);
  const std::string date = amz_date(std::chrono::system_clock::now());
  const MutexLock lock(mutex_);
  std::vector<std::pair<std::string, std::string>> headers = {
      {"content-type", "application/x-amz-json-1.0"}, {"host", host_}, {"x-amz-date", date}};
  if (!credentials_.session_token.empty()) headers.emplace_back("x-amz-security-token", credentials_.session_token);
  headers.emplace_back("x-amz-target", std::string(kApiVersion) + statement.operation);
  const std::string authorization =
      signer_.authorization({"POST", "/", "", headers, exchange.body}, credentials_, date);
  for (const auto& [name, value] : headers) exchange.headers.push_back(fmt::format("{}: {}", name, value));
  exchange.headers.push_back("authorization: " + authorization);
  return exchange;
}

namespace {

// One statement, and its answer.
class SingleStatement : public StatementSource {
 public:
  explicit SingleStatement(Statement statement) : statement_(std::move(statement)) {}

  std::optional<std::pair<size_t, Statement>> next() override {
    if (is_taken_) return std::nullopt;
    is_taken_ = true;
    return std::pair(size_t{0}, std::move(statement_));
  }
  void on_answer(size_t, Answer answer) override { answer_ = std::move(answer); }

  Answer answer_;

 private:
  Statement statement_;
  bool is_taken_ = false;
};

}  // namespace

Answer Api::call(Statement statement, const std::stop_token& stop) {
  SingleStatement source(std::move(statement));
  const WriteResult result = run(source, stop);
  if (result) return std::move(source.answer_);
  const bool is_stop = result.error().kind == WriteFailure::Kind::kStop;
  return {is_stop ? Verdict::kStop : Verdict::kTryAgain, result.error().error, ""};
}

WriteResult Api::run(StatementSource& source, const std::stop_token& stop) {
  const auto run = std::make_shared<Run>(*this, source);
  run->start();
  return run->wait(stop);
}

}  // namespace omashu::sink::dynamodb
