#include "cli/records/read_ends.h"

#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using kafka::TopicPartition;

const TopicPartition kFirst{.topic = "t", .partition = 0};
const TopicPartition kSecond{.topic = "t", .partition = 1};

kafka::Message message(const TopicPartition& partition, kafka::Offset offset) {
  kafka::Message message;
  message.topic = partition.topic;
  message.partition = partition.partition;
  message.offset = offset;
  return message;
}

TEST(ReadEnds, AreReachedByTheLastRecordOrTheEndOfAPartition) {
  ReadEnds ends({{kFirst, 3}, {kSecond, 0}}, {{kFirst, 5}, {kSecond, 4}});
  EXPECT_FALSE(ends.are_reached());
  ends.on_message(message(kFirst, 3));
  EXPECT_FALSE(ends.are_reached());
  ends.on_message(message(kFirst, 4));
  ends.on_message(message(kSecond, 1));
  EXPECT_FALSE(ends.are_reached());
  ends.on_end(kSecond);  // offsets 2 and 3 were compacted away
  EXPECT_TRUE(ends.are_reached());
}

TEST(ReadEnds, WhatIsBehindThemIsNotWanted) {
  ReadEnds ends({{kFirst, 0}}, {{kFirst, 5}});
  ends.on_message(message(kFirst, 9));  // offsets 1 to 8 were compacted away
  EXPECT_TRUE(ends.are_reached());
  EXPECT_TRUE(ends.wants(message(kFirst, 4)));
  EXPECT_FALSE(ends.wants(message(kFirst, 5)));
  EXPECT_FALSE(ends.wants(message(kSecond, 0)));
}

TEST(ReadEnds, WithNothingToReadTheyAreReached) {
  EXPECT_TRUE(ReadEnds({{kFirst, 5}}, {{kFirst, 5}}).are_reached());
  EXPECT_TRUE(ReadEnds({{kFirst, 5}}, {{kFirst, 2}}).are_reached());
}

TEST(GroupEnds, AreReachedOnceAllThatWasAssignedIsAtItsEnd) {
  GroupEnds ends;
  EXPECT_FALSE(ends.are_reached()) << "nothing is assigned yet";
  ends.on_assigned(std::vector{kFirst, kSecond});
  ends.on_end(kFirst);
  EXPECT_FALSE(ends.are_reached());
  ends.on_revoked(std::vector{kSecond});
  EXPECT_TRUE(ends.are_reached());
}

TEST(GroupEnds, AMemberWithoutPartitionsIsDone) {
  GroupEnds ends;
  ends.on_assigned({});
  EXPECT_TRUE(ends.are_reached());
}

}  // namespace
}  // namespace omashu::cli
