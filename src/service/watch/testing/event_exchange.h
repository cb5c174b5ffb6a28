// An exchange whose answer is a stream of events that a test reads as fast as it wants to. Thread-safe.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/exchange.h"

namespace omashu::service::testing {

struct ReceivedEvent {
  std::string event;  // "" for a comment
  std::string id;
  std::string data;
};

// What was written and was not read yet, of at most `max_bytes` before the writer is told to stop.
class EventClient {
 public:
  explicit EventClient(size_t max_bytes = size_t{256} << 10);
  ~EventClient();

  // To be handed to the handler.
  http::ExchangePtr exchange(http::Request request, std::string table);

  // The events that come within ten seconds until one has that name (which is the last of them).
  std::vector<ReceivedEvent> read_until(const std::string& event);
  // So many events, without comments; fewer where they do not come within ten seconds.
  std::vector<ReceivedEvent> read(size_t count);
  // Those that are there already.
  std::vector<ReceivedEvent> read_now();

  void close();  // the client goes
  void stop();   // the server stops
  bool is_ended() const;

  class State;

 private:
  const std::shared_ptr<State> state_;
};

}  // namespace omashu::service::testing
