// A registry without Kafka and without sockets, for tests: its routes over a log in memory.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "http/router.h"
#include "schema_registry/server/route_support.h"
#include "schema_registry/server/testing/memory_log.h"

namespace omashu::schema_registry::server::testing {

struct TestResponse {
  int status = 0;
  std::string body;
  std::string content_type;
};

class TestRegistry {
 public:
  // Registries over one log are reached by each other under their URLs.
  explicit TestRegistry(MemoryLog& log, WriterOptions options = {});
  ~TestRegistry();

  // "GET /subjects"; waits for the answer, at most ten seconds.
  TestResponse ask(const std::string& method_and_target, const std::string& body = "",
                   std::vector<http::Field> fields = {});

  // The body, of a success; else "STATUS CODE".
  std::string get(const std::string& target);
  std::string post(const std::string& target, const std::string& body);
  std::string put(const std::string& target, const std::string& body);
  std::string remove(const std::string& target);

  SharedStore& store() { return store_; }
  Writer& writer() { return writer_; }
  void wait_until_led();

  // Where writes were sent on to, and what answers them there.
  std::vector<std::string> forwarded_to() const EXCLUDES(mutex_);
  std::function<void(const std::string& url, const http::ExchangePtr&)> on_forward;

 private:
  std::string told(const TestResponse& response);

  SharedStore store_;
  Writer writer_;
  Api api_;
  http::Router router_;

  mutable Mutex mutex_;
  std::vector<std::string> forwarded_to_ GUARDED_BY(mutex_);
};

// {"schema":"…"} with the text in quotes.
std::string schema_body(const std::string& schema, const std::string& further_members = "");

}  // namespace omashu::schema_registry::server::testing
