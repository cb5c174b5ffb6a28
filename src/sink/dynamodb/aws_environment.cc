#include "sink/dynamodb/aws_environment.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <future>
#include <sstream>

#include "http_client/http_loop.h"
#include "sink/dynamodb/shared_config.h"

namespace omashu::sink::dynamodb {

namespace {

using namespace std::chrono_literals;
using http_client::AttemptOutcome;

constexpr size_t kMaxAnswerBytes = size_t{64} << 10;
constexpr int kMaxAttempts = 3;

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

Result<std::string> read_file(const std::string& path) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return fail(errno == ENOENT || errno == ENOTDIR ? ErrorCode::kNotFound : ErrorCode::kIo,
                fmt::format("{}: {}", path, std::strerror(errno)));
  }
  std::string text(kMaxSharedConfigBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  if (in.bad()) return fail(ErrorCode::kIo, fmt::format("{}: it cannot be read", path));
  return text;
}

class FetchJob : public http_client::HttpJob {
 public:
  FetchJob(std::string url, const std::string& authorization) {
    exchange_.method = "GET";
    exchange_.url = std::move(url);
    if (!authorization.empty()) exchange_.headers = {"Authorization: " + authorization};
    exchange_.is_direct = true;
    exchange_.timeout = 5s;
  }

  http_client::HttpExchange begin(std::chrono::steady_clock::time_point) override { return exchange_; }

  std::optional<std::chrono::milliseconds> end(http_client::HttpOutcome outcome,
                                               std::chrono::steady_clock::time_point) override {
    const bool is_away = outcome.kind == AttemptOutcome::Kind::kNoAnswer ||
                         outcome.kind == AttemptOutcome::Kind::kTimedOut || outcome.status >= 500;
    if (is_away && ++attempts_ < kMaxAttempts) return 200ms;
    outcome_.set_value(std::move(outcome));
    return std::nullopt;
  }

  http_client::HttpOutcome wait() { return outcome_.get_future().get(); }

 private:
  http_client::HttpExchange exchange_;
  int attempts_ = 0;
  std::promise<http_client::HttpOutcome> outcome_;
};

// The answer's body is never shown: it holds the keys.
Result<std::string> fetch(const std::string& url, const std::string& authorization) {
  auto loop = http_client::HttpLoop::start({.max_response_bytes = kMaxAnswerBytes, .connect_timeout = 2s});
  if (!loop) return fail(std::move(loop.error()));
  const auto job = std::make_shared<FetchJob>(url, authorization);
  (*loop)->submit(job);
  http_client::HttpOutcome outcome = job->wait();
  if (outcome.kind != AttemptOutcome::Kind::kAnswered) {
    return fail(ErrorCode::kUnavailable, fmt::format("GET {}: {}", url, outcome.detail));
  }
  if (outcome.status == 200) return std::move(outcome.body);
  const ErrorCode code = outcome.status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kUnauthorized;
  return fail(code, fmt::format("GET {}: HTTP {}", url, outcome.status));
}

}  // namespace

AwsEnvironment aws_environment_of_process() { return {variable, read_file, fetch}; }

}  // namespace omashu::sink::dynamodb
