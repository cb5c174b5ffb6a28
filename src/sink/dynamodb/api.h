// Requests to DynamoDB, signed, many at once, repeated where it throttles or fails.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "http_client/http_loop.h"
#include "omashu/result.h"
#include "sink/dynamodb/adaptive_limit.h"
#include "sink/dynamodb/answer.h"
#include "sink/dynamodb/signature.h"
#include "sink/dynamodb/statements.h"
#include "sink/sink.h"

namespace omashu::sink::dynamodb {

struct ApiOptions {
  std::string endpoint;  // "https://dynamodb.eu-central-1.amazonaws.com", without a path
  std::string region;
  std::string table;
  int max_in_flight = 8;
  std::chrono::milliseconds timeout{10'000};  // of a request
  std::chrono::milliseconds first_backoff{50};
  std::chrono::milliseconds longest_backoff{5'000};
};

// "https://dynamodb.eu-central-1.amazonaws.com"; China's regions have a domain of their own.
std::string default_endpoint(const std::string& region);

// That it is a URL of http or https with a host and nothing behind it; without the slash at its end.
Result<std::string> parse_endpoint(std::string_view url);

// Whether the URL is of this machine.
bool is_loopback(std::string_view endpoint);

// What is to be sent, and what becomes of it. All calls are made one at a time, on any thread.
class StatementSource {
 public:
  virtual ~StatementSource() = default;

  // The next statement with a number for it; nothing where there is none now.
  virtual std::optional<std::pair<size_t, Statement>> next() = 0;

  // Of a statement that is done, what DynamoDB left for later: it is sent in its place after a while, and less at once.
  virtual std::optional<Statement> remaining(size_t, const Answer&) { return std::nullopt; }

  // Once for each that was taken, in any order: kDone, kOlder, or kRefused. There may be a next one afterwards.
  virtual void on_answer(size_t number, Answer answer) = 0;
};

class Api {
 public:
  static Result<std::unique_ptr<Api>> open(ApiOptions options);
  ~Api();

  // For the requests from now on. Thread-safe.
  void use(Credentials credentials) EXCLUDES(mutex_);

  // Sends one and waits.
  Answer call(Statement statement, const std::stop_token& stop);

  // Sends all of the source. kTryAgain where DynamoDB is away, throttles for long, finds the credentials too old, or
  // `stop` is requested; then requests may still be under way, and the source is not called any more. For one thread.
  WriteResult run(StatementSource& source, const std::stop_token& stop);

  // Whether a request was refused because the credentials are too old, since this was asked last.
  bool take_expired() { return has_expired_.exchange(false); }

  struct Counts {
    uint64_t requests = 0;
    uint64_t throttled = 0;
    uint64_t repeated = 0;
    int limit = 0;
  };
  Counts counts() const EXCLUDES(mutex_);

 private:
  class Run;
  class Job;

  explicit Api(ApiOptions options);
  http_client::HttpExchange sign(const Statement& statement) EXCLUDES(mutex_);

  const ApiOptions options_;
  const std::string host_;
  std::atomic<bool> has_expired_ = false;
  std::atomic<uint64_t> requests_ = 0, throttled_ = 0, repeated_ = 0;

  mutable Mutex mutex_;
  Credentials credentials_ GUARDED_BY(mutex_);
  Signer signer_ GUARDED_BY(mutex_);
  AdaptiveLimit limit_ GUARDED_BY(mutex_);

  std::unique_ptr<http_client::HttpLoop> loop_;  // last: its thread uses the others
};

}  // namespace omashu::sink::dynamodb
