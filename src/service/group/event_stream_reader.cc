#include "service/group/event_stream_reader.h"

#include <utility>

namespace omashu::service {

bool EventStreamReader::read(std::string_view bytes, const std::function<bool(StreamEvent event)>& take) {
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    event_bytes_ += piece.size() + 1;
    if (event_bytes_ > kMaxEventBytes) return false;
    line_ += piece;
    if (end == std::string_view::npos) return true;
    bytes.remove_prefix(end + 1);
    std::string line = std::exchange(line_, {});
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) {
      take_line(line);
      continue;
    }
    event_bytes_ = 0;
    StreamEvent event = std::exchange(event_, {});
    const bool is_something = !event.event.empty() || event.id || std::exchange(has_comment_, false);
    has_comment_ = false;
    if (is_something && !take(std::move(event))) return false;
  }
  return true;
}

void EventStreamReader::take_line(std::string_view line) {
  const size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (colon == 0) has_comment_ = true;
  if (name == "event") event_.event = value;
  if (name == "id") event_.id = std::string(value);
  if (name == "data") {
    if (!event_.data.empty()) event_.data += '\n';
    event_.data += value;
  }
}

}  // namespace omashu::service
