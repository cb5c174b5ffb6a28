// A TCP server in front of another that can misbehave: it answers with a fixed text, or not at all, or passes all on.

#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace omashu::real {

// Thread-safe. Each connection is served by the fault in force when it came.
class FaultyProxy {
 public:
  // `upstream_port` is where passed-on connections go, on the loopback interface.
  explicit FaultyProxy(int upstream_port);
  ~FaultyProxy();
  FaultyProxy(const FaultyProxy&) = delete;
  FaultyProxy& operator=(const FaultyProxy&) = delete;

  int port() const { return port_; }

  void pass_on();
  void answer(std::string text);                   // to whatever is asked, and closes
  void answer_times(int times, std::string text);  // so often, and passes on from then
  void stay_silent();                              // reads and never answers

  int connections() const { return connections_; }  // accepted so far

 private:
  struct Connection;

  void accept_all();
  void serve(Connection& connection);

  const int upstream_port_;
  int port_ = 0;
  int listener_ = -1;
  std::atomic<int> connections_ = 0;

  enum class Fault { kNone, kAnswer, kSilence };

  Mutex mutex_;
  Fault fault_ GUARDED_BY(mutex_) = Fault::kNone;
  int times_left_ GUARDED_BY(mutex_) = 0;  // of kAnswer; -1: for ever
  std::string answer_ GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Connection>> served_ GUARDED_BY(mutex_);

  std::thread acceptor_;
};

// An HTTP/1.1 answer that closes its connection.
std::string http_answer(const std::string& status, const std::string& content_type, const std::string& body);

}  // namespace omashu::real
