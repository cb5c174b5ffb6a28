#include "service/group/event_stream_reader.h"

#include <gtest/gtest.h>

#include <vector>

#include "service/watch/watch_text.h"

namespace omashu::service {
namespace {

std::vector<StreamEvent> read(std::string_view text, size_t at_once = std::string_view::npos) {
  std::vector<StreamEvent> events;
  EventStreamReader reader;
  while (!text.empty()) {
    EXPECT_TRUE(reader.read(text.substr(0, at_once), [&](StreamEvent event) {
      events.push_back(std::move(event));
      return true;
    }));
    text.remove_prefix(std::min(text.size(), at_once));
  }
  return events;
}

TEST(EventStreamReader, ReadsWhatWatchersAreSent) {
  std::string text;
  append_snapshot_event(text, WatchKind::kServerSentEvents);
  append_row_event(text, WatchKind::kServerSentEvents, "enter", "", R"({"key":"a"})");
  append_ready_event(text, WatchKind::kServerSentEvents, "t-0-1");
  append_row_event(text, WatchKind::kServerSentEvents, "update", "t-0-2", R"({"key":"b"})");
  text += heartbeat(WatchKind::kServerSentEvents, "t-0-3");
  text += heartbeat(WatchKind::kServerSentEvents, "");
  append_reason_event(text, WatchKind::kServerSentEvents, "bye", "so");
  for (const size_t at_once : {std::string_view::npos, size_t{1}, size_t{7}}) {
    const auto events = read(text, at_once);
    ASSERT_EQ(events.size(), 7u);
    EXPECT_EQ(events[0].event, "snapshot");
    EXPECT_EQ(events[1].event, "enter");
    EXPECT_EQ(events[1].id, std::nullopt);
    EXPECT_EQ(events[1].data, R"({"key":"a"})");
    EXPECT_EQ(events[2].event, "ready");
    EXPECT_EQ(events[2].id, "t-0-1");
    EXPECT_EQ(events[3].id, "t-0-2");
    EXPECT_EQ(events[4].event, "");
    EXPECT_EQ(events[4].id, "t-0-3");
    EXPECT_EQ(events[5].id, std::nullopt);
    EXPECT_EQ(events[6].data, R"({"reason":"so"})");
  }
}

TEST(EventStreamReader, ALineMayEndAsInWindows) {
  const auto events = read("event:a\r\ndata: 1\r\ndata: 2\r\n\r\n\r\n");
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].event, "a");
  EXPECT_EQ(events[0].data, "1\n2");
}

TEST(EventStreamReader, WhatNeverEndsIsNotKept) {
  EventStreamReader reader;
  const auto take = [](const StreamEvent&) { return true; };
  const std::string piece(1 << 20, 'x');
  int pieces = 0;
  while (pieces < 100 && reader.read(piece, take)) ++pieces;
  EXPECT_LT(pieces, 9);
}

TEST(EventStreamReader, WhoWantsNoMoreIsGivenNoMore) {
  int taken = 0;
  EventStreamReader reader;
  EXPECT_FALSE(reader.read("event: a\n\nevent: b\n\n", [&](const StreamEvent&) {
    ++taken;
    return false;
  }));
  EXPECT_EQ(taken, 1);
}

}  // namespace
}  // namespace omashu::service
