// Frames of a WebSocket's client, cut where the first byte says: however the bytes are cut, the same messages are read,
// none larger than may be, and nothing behind what was wrong.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "http/web_socket_frames.h"

using namespace omashu::http;

namespace {

constexpr size_t kMaxMessageBytes = 1 << 12;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

std::vector<WebSocketEvent> read_all(std::string_view input, size_t piece) {
  WebSocketReader reader(kMaxMessageBytes);
  std::vector<WebSocketEvent> events;
  while (!input.empty()) {
    for (auto event = reader.read(input.substr(0, piece)); event; event = reader.read("")) events.push_back(*event);
    input.remove_prefix(std::min(piece, input.size()));
  }
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = read_all(input, std::max<size_t>(input.size(), 1));
  const auto cut = read_all(input, 1 + data[0] % 64);
  require(whole.size() == cut.size(), "messages depend on how their bytes are cut");
  for (size_t i = 0; i < whole.size(); ++i) {
    const WebSocketEvent& event = whole[i];
    require(event.kind == cut[i].kind && event.payload == cut[i].payload && event.code == cut[i].code,
            "a message depends on how its bytes are cut");
    require(event.payload.size() <= kMaxMessageBytes, "a message larger than may be");
    const bool is_last = event.kind == WebSocketEvent::Kind::kFailed || event.kind == WebSocketEvent::Kind::kClose;
    require(!is_last || i + 1 == whole.size(), "something is read behind the end");
  }
  return 0;
}
