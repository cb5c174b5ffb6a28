#include "service/group/watch_merge.h"

#include <gtest/gtest.h>

namespace omashu::service {
namespace {

using Next = WatchMerge::Next;

const std::vector<HeldPartitions> kMembers = {{{"t", 0}}, {{"t", 1}}};

class WatchMergeTest : public ::testing::Test {
 protected:
  // What the client is sent.
  std::string take(WatchMerge& merge, size_t member, const StreamEvent& event, Next next = Next::kGoOn) {
    std::string out;
    EXPECT_EQ(merge.take(member, event, out), next);
    return out;
  }
  static StreamEvent row(const std::string& event, const std::string& key, std::optional<std::string> id = {}) {
    return {.event = event, .id = std::move(id), .data = '"' + key + '"'};
  }
};

TEST_F(WatchMergeTest, OneSnapshotThenReadyOnceAllAreAndThenEventsWithWhatWasSeenOfAll) {
  WatchMerge merge("t", WatchKind::kServerSentEvents, kMembers, std::nullopt);
  EXPECT_EQ(take(merge, 1, {.event = "snapshot", .id = ""}), "event: snapshot\nid:\ndata: {}\n\n");
  EXPECT_EQ(take(merge, 0, {.event = "snapshot", .id = ""}), "");
  EXPECT_EQ(take(merge, 0, row("enter", "a")), "event: enter\ndata: \"a\"\n\n");
  EXPECT_EQ(take(merge, 0, {.event = "ready", .id = "t-0-5"}), "");
  EXPECT_EQ(take(merge, 0, row("update", "a", "t-0-6")), "") << "it waits for the other's snapshot";
  EXPECT_EQ(take(merge, 1, row("enter", "b")), "event: enter\ndata: \"b\"\n\n");
  EXPECT_EQ(take(merge, 1, {.event = "ready", .id = "t-1-9"}),
            "event: ready\nid: t-0-5,1-9\ndata: {}\n\nevent: update\nid: t-0-6,1-9\ndata: \"a\"\n\n");
  EXPECT_EQ(take(merge, 1, row("delete", "b", "t-1-10")), "event: delete\nid: t-0-6,1-10\ndata: \"b\"\n\n");
}

TEST_F(WatchMergeTest, WhatAMemberSaysOfPartitionsThatItDoesNotOwnIsNotBelieved) {
  WatchMerge merge("t", WatchKind::kServerSentEvents, kMembers, table::PositionSet{"t", {{0, 3}, {1, 4}}});
  EXPECT_EQ(take(merge, 0, row("enter", "a", "t-0-5,1-100")), "event: enter\nid: t-0-5,1-4\ndata: \"a\"\n\n");
  EXPECT_EQ(take(merge, 1, row("enter", "b", "other-1-7")), "event: enter\nid: t-0-5,1-4\ndata: \"b\"\n\n");
}

TEST_F(WatchMergeTest, WhoComesBackIsReadyAtOnce) {
  WatchMerge merge("t", WatchKind::kWebSocket, kMembers, table::PositionSet{"t", {{0, 3}}});
  const std::string out = take(merge, 1, row("enter", "a", "t-1-0"));
  EXPECT_NE(out.find(R"({"event":"enter","id":"t-0-3,1-0","row":"a"})"), std::string::npos) << out;
  EXPECT_EQ(WatchMerge::id_for({"t", {{0, 3}, {1, 4}}}, kMembers[1]), "t-1-4");
  EXPECT_EQ(WatchMerge::id_for({"t", {{0, 3}}}, kMembers[1]), "t-");
}

TEST_F(WatchMergeTest, HeartbeatsMoveTheIdOnOnceAllAreReady) {
  WatchMerge merge("t", WatchKind::kServerSentEvents, kMembers, std::nullopt);
  EXPECT_EQ(take(merge, 0, {.id = "t-0-5"}), ": heartbeat\n\n");
  take(merge, 0, {.event = "ready", .id = "t-0-5"});
  take(merge, 1, {.event = "ready", .id = "t-"});
  EXPECT_EQ(take(merge, 1, {.id = "t-1-0"}), ": heartbeat\nid: t-0-5,1-0\n\n");
}

TEST_F(WatchMergeTest, AMemberThatBeginsAnewOrEndsDoesSoForAll) {
  WatchMerge merge("t", WatchKind::kServerSentEvents, kMembers, std::nullopt);
  EXPECT_EQ(take(merge, 0, {.event = "reset", .data = "{}"}, Next::kRestart), "");
  EXPECT_EQ(take(merge, 0, {.event = "bye", .data = "{}"}, Next::kEnd), "");
}

TEST_F(WatchMergeTest, WhatWaitsForASlowSnapshotIsBounded) {
  WatchMerge merge("t", WatchKind::kServerSentEvents, kMembers, std::nullopt);
  take(merge, 0, {.event = "ready", .id = "t-0-5"});
  const StreamEvent large = row("update", std::string(1 << 20, 'x'), "t-0-6");
  std::string out;
  int waiting = 0;
  while (waiting < 100 && merge.take(0, large, out) == Next::kGoOn) ++waiting;
  EXPECT_LT(waiting, 9);
}

}  // namespace
}  // namespace omashu::service
