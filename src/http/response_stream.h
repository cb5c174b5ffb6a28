// The way back for an answer that is sent piece by piece, however long it gets.

#pragma once

#include <functional>
#include <memory>
#include <string>

namespace omashu::http {

// What the client has not taken yet is bounded: a writer that is told so stops until it is called. Thread-safe.
class ResponseStream {
 public:
  virtual ~ResponseStream() =
      default;  // without end() the connection is cut, so that the client sees that it is no whole

  // Queues a piece; a shared one is queued without a copy, for many streams at once. False: enough is queued, and
  // on_drained will be called when there is room. Pieces after the client has gone are dropped.
  virtual bool write(std::string piece) = 0;
  virtual bool write(std::shared_ptr<const std::string> piece) = 0;
  virtual void end() = 0;

  virtual bool is_open() const = 0;  // the client is there, and end() was not called
};

struct StreamListener {
  std::function<void()> on_drained = [] {};
  std::function<void()> on_closed = [] {};  // once: the client has gone, or the server stops
};

}  // namespace omashu::http
