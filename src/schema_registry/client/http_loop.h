// One thread that runs HTTP requests together over kept-alive connections (libcurl's multi interface).
//
// A job says what to send and, when that has ended, whether to try again. Jobs start in the order of submission, at
// most `max_in_flight` at a time; one that waits for its next try holds no place. begin() and end() run on the loop's
// thread and must not block.

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "omashu/result.h"
#include "schema_registry/client/retry.h"

namespace omashu::schema_registry {

struct HttpExchange {
  std::string method;
  std::string url;
  std::string body;
  std::string user, password;  // basic auth where `user` is set, else
  std::string bearer_token;
  std::vector<std::string> headers = {};  // further ones: "X-Forward: true"
  bool is_direct = false;                 // never through a proxy
  std::chrono::milliseconds timeout{0};
};

struct HttpOutcome : AttemptOutcome {
  std::string detail;  // why there is no answer
  std::string content_type;
  std::string location;  // of a redirect: it is not followed
  std::string body;
};

class HttpJob {
 public:
  virtual ~HttpJob() = default;
  virtual HttpExchange begin(std::chrono::steady_clock::time_point now) = 0;
  // The wait before begin() is called again; nothing where the job is done and will not be called any more.
  virtual std::optional<std::chrono::milliseconds> end(HttpOutcome outcome,
                                                       std::chrono::steady_clock::time_point now) = 0;
};

struct HttpLoopOptions {
  int max_in_flight = 1;
  size_t max_response_bytes = 0;
  std::chrono::milliseconds connect_timeout{0};
  std::string ca_file, certificate_file, key_file, key_password;
};

class HttpLoop {
 public:
  static Result<std::unique_ptr<HttpLoop>> start(HttpLoopOptions options);
  // Ends every job with kCancelled, then the thread.
  ~HttpLoop();

  // Thread-safe. The job is released when it is done.
  void submit(std::shared_ptr<HttpJob> job);

 private:
  class Thread;
  explicit HttpLoop(std::unique_ptr<Thread> thread);
  std::unique_ptr<Thread> thread_;
};

}  // namespace omashu::schema_registry
