// One call of the registry's REST API: sent to the URLs that are given until one answers or the time is up.

#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "http_client/http_loop.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "schema_registry/client/endpoint.h"

namespace omashu::schema_registry {

struct Request {
  std::string method;
  std::string path;  // from the base URL on, encoded: "/subjects/s/versions?normalize=true"
  std::string body;
};

// Any HTTP answer, errors included.
struct Answer {
  int status = 0;
  std::string content_type;
  std::string location;
  std::string body;
  std::string call;  // "GET http://host:8081/subjects/s/versions"
  int attempts = 0;
};

class RegistryCaller {
 public:
  static Result<std::unique_ptr<RegistryCaller>> open(const ClientOptions& options);

  // `done` is called exactly once, on the loop's thread; it must not block. The time runs from the first attempt.
  // One that `is_patient` also waits for a server that is not there yet.
  using Done = std::function<void(Result<Answer>)>;
  void call(Request request, std::chrono::milliseconds timeout, Done done, bool is_patient = false);

 private:
  class Job;

  explicit RegistryCaller(const ClientOptions& options) : options_(options) {}

  const ClientOptions options_;
  std::vector<Endpoint> endpoints_;
  std::atomic<size_t> preferred_{0};             // the endpoint that answered last
  std::atomic<bool> has_answered_{false};        // one of the endpoints, ever
  std::minstd_rand random_;                      // of the loop's thread
  std::unique_ptr<http_client::HttpLoop> loop_;  // last: its thread uses the others
};

}  // namespace omashu::schema_registry
