// Takes a stream of server-sent events apart (the HTML standard, section 9.2.6), as another member sends them. No
// socket. What grows beyond a bound makes it fail for good.

#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace omashu::service {

struct StreamEvent {
  std::string event = {};              // "" where it has none: a heartbeat, which may move the id on
  std::optional<std::string> id = {};  // absent: that of the one before stands
  std::string data = {};
};

class EventStreamReader {
 public:
  static constexpr size_t kMaxEventBytes = size_t{8} << 20;

  // Calls `take` for each event that is whole by then, until it returns false. False: the stream is not to be read on.
  bool read(std::string_view bytes, const std::function<bool(StreamEvent event)>& take);

 private:
  void take_line(std::string_view line);

  std::string line_;
  StreamEvent event_;
  size_t event_bytes_ = 0;
  bool has_comment_ = false;
};

}  // namespace omashu::service
