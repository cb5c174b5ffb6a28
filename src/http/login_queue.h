// Checks log-ins on a thread of its own, few at a time. Private to this folder. Thread-safe.

#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "base/mutex.h"
#include "http/authenticator.h"

namespace omashu::http {

class LoginQueue {
 public:
  using Done = std::function<void(IdentityPtr)>;

  explicit LoginQueue(Authenticator& authenticator) : authenticator_(authenticator), thread_([this] { run(); }) {}
  ~LoginQueue();  // those that wait are dropped

  // False where so many wait that the caller had better come again.
  bool submit(std::string header, Done done);

 private:
  struct Login {
    std::string header;
    Done done;
  };

  void run();

  Authenticator& authenticator_;
  Mutex mutex_;
  std::deque<Login> waiting_ GUARDED_BY(mutex_);
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  ConditionVariable changed_;
  std::thread thread_;
};

}  // namespace omashu::http
