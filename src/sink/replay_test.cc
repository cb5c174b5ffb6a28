#include "sink/replay.h"

#include <gtest/gtest.h>

#include "sink/dead_letter.h"
#include "sink/retry_place.h"

namespace omashu::sink {
namespace {

using kafka::Offset;
using kafka::PartitionId;

kafka::Message as_read(const kafka::Record& record, Offset offset) {
  kafka::Message message;
  message.topic = record.topic;
  message.offset = offset;
  message.timestamp_ms = record.timestamp_ms.value_or(-1);
  message.key = record.key;
  message.value = record.value;
  message.headers = record.headers;
  return message;
}

kafka::Record dead_letter_of(const kafka::Message& message) {
  return make_dead_letter(message, "dead",
                          {.partition = {message.topic, message.partition},
                           .offset = message.offset,
                           .sink = "archive",
                           .kind = "file",
                           .stage = FailedStage::kTaskPut,
                           .reason = {ErrorCode::kInvalidArgument, "refused", std::nullopt}});
}

TEST(Replay, IsTheRecordAsItWasWithAMark) {
  kafka::Message first;
  first.topic = "t";
  first.offset = Offset{5};
  first.timestamp_ms = 1'000;
  first.key = "k";
  first.value = "v";
  first.headers = {{"trace", "a"}, {std::string(kRetryAtHeader), "5"}};
  const kafka::Message dead = as_read(dead_letter_of(first), Offset{17});
  EXPECT_EQ(failed_topic(dead), "t");
  EXPECT_EQ(replay_count(dead), 0);
  const kafka::Record replayed = make_replay(dead, "t");
  EXPECT_EQ(replayed.topic, "t");
  EXPECT_EQ(replayed.key, "k");
  EXPECT_EQ(replayed.value, "v");
  EXPECT_EQ(replayed.timestamp_ms, 1'000);
  EXPECT_FALSE(replayed.partition);
  ASSERT_EQ(replayed.headers.size(), 3u);
  EXPECT_EQ(replayed.headers[0].name, "trace");
  EXPECT_EQ(replayed.headers[1].value, "dead-0-17");
  EXPECT_EQ(replayed.headers[2].value, "1");
}

TEST(Replay, WhatDiesAgainTellsHowOftenItWasReplayed) {
  kafka::Message message;
  message.topic = "t";
  for (int i = 1; i <= 3; ++i) {
    message = as_read(make_replay(as_read(dead_letter_of(message), Offset{i}), "t"), Offset{i});
    EXPECT_EQ(replay_count(message), i);
    EXPECT_EQ(message.headers.size(), 2u) << "marks do not pile up";
  }
}

TEST(Replay, ACountThatMakesNoSenseIsNone) {
  kafka::Message message;
  for (const char* text : {"", "x", "-3"}) {
    message.headers = {{std::string(kReplayCountHeader), text}};
    EXPECT_EQ(replay_count(message), 0) << text;
  }
}

}  // namespace
}  // namespace omashu::sink
