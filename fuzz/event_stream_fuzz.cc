// Server-sent events as another server sends them: they mean the same however the bytes are cut, and nothing that they
// say is taken apart into more lines when it is sent on.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "service/group/event_stream_reader.h"
#include "service/group/watch_merge.h"

using namespace omashu;

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

std::vector<service::StreamEvent> read(std::string_view bytes, size_t at_once) {
  std::vector<service::StreamEvent> events;
  service::EventStreamReader reader;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), at_once))) {
    const bool goes_on = reader.read(bytes.substr(0, at_once), [&](service::StreamEvent event) {
      events.push_back(std::move(event));
      return true;
    });
    check(goes_on);
  }
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto events = read(bytes, std::string_view::npos), pieces = read(bytes, 3);
  check(events.size() == pieces.size());
  service::WatchMerge merge("t", service::WatchKind::kWebSocket, {{{"t", 0}}, {{"t", 1}}}, std::nullopt);
  for (size_t i = 0; i < events.size(); ++i) {
    check(events[i].event == pieces[i].event && events[i].id == pieces[i].id && events[i].data == pieces[i].data);
    check(events[i].event.find('\n') == std::string::npos);
    std::string out;
    (void)merge.take(i % 2, events[i], out);
  }
  return 0;
}
