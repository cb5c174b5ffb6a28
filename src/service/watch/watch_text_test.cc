#include "service/watch/watch_text.h"

#include <gtest/gtest.h>

namespace omashu::service {
namespace {

TEST(WatchText, ServerSentEvents) {
  std::string out;
  append_row_event(out, WatchKind::kServerSentEvents, "enter", "t-0-12", R"({"key":"a"})");
  EXPECT_EQ(out, "event: enter\nid: t-0-12\ndata: {\"key\":\"a\"}\n\n");
  out.clear();
  append_snapshot_event(out, WatchKind::kServerSentEvents);
  append_ready_event(out, WatchKind::kServerSentEvents, "t-0-12");
  EXPECT_EQ(out, "event: snapshot\nid:\ndata: {}\n\nevent: ready\nid: t-0-12\ndata: {}\n\n");
  out.clear();
  append_reason_event(out, WatchKind::kServerSentEvents, "bye", "a \"b\"\n");
  EXPECT_EQ(out, "event: bye\ndata: {\"reason\":\"a \\\"b\\\"\\n\"}\n\n");
  EXPECT_EQ(heartbeat(WatchKind::kServerSentEvents, "t-0-12"), ": heartbeat\nid: t-0-12\n\n");
  EXPECT_EQ(heartbeat(WatchKind::kServerSentEvents, ""), ": heartbeat\n\n");
}

TEST(WatchText, WebSocketMessages) {
  const auto message = [](const std::string& text) {
    return "\x81" + std::string(1, static_cast<char>(text.size())) + text;
  };
  std::string out;
  append_row_event(out, WatchKind::kWebSocket, "enter", "t-0-12", R"({"key":"a"})");
  append_ready_event(out, WatchKind::kWebSocket, "t-0-12");
  append_reason_event(out, WatchKind::kWebSocket, "reset", "why");
  EXPECT_EQ(out, message(R"({"event":"enter","id":"t-0-12","row":{"key":"a"}})") +
                     message(R"({"event":"ready","id":"t-0-12"})") + message(R"({"event":"reset","reason":"why"})"));
  EXPECT_EQ(heartbeat(WatchKind::kWebSocket, "t-0-12"), message(R"({"event":"heartbeat","id":"t-0-12"})"));
}

}  // namespace
}  // namespace omashu::service
