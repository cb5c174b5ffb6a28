// Where a watcher's bytes go: a stream of server-sent events, or a WebSocket. Thread-safe.

#pragma once

#include <memory>
#include <string>

#include "http/exchange.h"
#include "service/watch/watch_text.h"

namespace omashu::service {

class WatchSink {
 public:
  // Null where the request asked for a WebSocket wrongly: it is answered then.
  static std::unique_ptr<WatchSink> open(http::Exchange& exchange, WatchKind kind, http::StreamListener listener);
  virtual ~WatchSink() = default;

  // Whole events, as watch_text.h makes them. False: see http::ResponseStream::write().
  virtual bool write(std::shared_ptr<const std::string> events) = 0;
  // Where there is none, on_drained comes.
  virtual bool has_room() const = 0;
  virtual bool is_open() const = 0;
  // Behind what was written. With `is_stopping`, the client is told that the server stops.
  virtual void end(const std::string& reason, bool is_stopping) = 0;
};

}  // namespace omashu::service
