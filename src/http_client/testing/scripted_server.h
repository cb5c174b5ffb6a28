// An HTTP/1.1 server on a free loopback port that answers as a test scripts it, well or badly. A thread for each
// connection; everything ends with the object.

#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace omashu::http_client::testing {

struct ScriptedRequest {
  std::string method;
  std::string target;  // path and query, as sent
  std::string head;    // request line and headers
  std::string body;
  int number = 0;  // over all connections, from 1
};

struct ScriptedReply {
  int status = 200;
  std::string body = {};
  std::vector<std::string> headers = {};  // "Retry-After: 1"
  bool close_in_body = false;             // announces the whole body, sends half of it, and closes
  bool close_at_once = false;             // sends nothing
  bool never = false;                     // keeps the connection and says nothing
};

class ScriptedServer {
 public:
  // Called from several threads at once.
  using Script = std::function<ScriptedReply(const ScriptedRequest&)>;

  explicit ScriptedServer(Script script);
  ~ScriptedServer();

  std::string url() const;
  int connections() const { return connections_; }
  std::vector<ScriptedRequest> requests() const EXCLUDES(mutex_);

 private:
  void accept_all() EXCLUDES(mutex_);
  void serve(int socket) EXCLUDES(mutex_);

  const Script script_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;

  mutable Mutex mutex_;
  std::vector<ScriptedRequest> requests_ GUARDED_BY(mutex_);
  std::vector<int> sockets_ GUARDED_BY(mutex_);
  std::vector<std::thread> threads_ GUARDED_BY(mutex_);
  bool is_stopping_ GUARDED_BY(mutex_) = false;

  std::thread acceptor_;
};

// A URL at which nobody listens: the port was free a moment ago.
std::string unused_url();

}  // namespace omashu::http_client::testing
