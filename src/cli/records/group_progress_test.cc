#include "cli/records/group_progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using testing::IsEmpty;

kafka::Message message(kafka::PartitionId partition, kafka::Offset offset) {
  kafka::Message out;
  out.topic = "t";
  out.partition = partition;
  out.offset = offset;
  return out;
}

TEST(GroupProgress, OnlyWhatIsOutIsCommitted) {
  GroupProgress progress;
  progress.on_printed(message(0, 4));
  progress.on_printed(message(1, 9));
  EXPECT_THAT(progress.to_commit(), IsEmpty());
  progress.on_flushed();
  progress.on_printed(message(0, 5));
  EXPECT_EQ(progress.to_commit(), (GroupProgress::NextOffsets{{{"t", 0}, 5}, {{"t", 1}, 10}}));
  progress.on_committed();
  EXPECT_THAT(progress.to_commit(), IsEmpty());
  progress.on_flushed();
  EXPECT_EQ(progress.to_commit(), (GroupProgress::NextOffsets{{{"t", 0}, 6}}));
}

TEST(GroupProgress, WhatWentToAnotherMemberIsNotCommitted) {
  GroupProgress progress;
  progress.on_printed(message(0, 4));
  progress.on_printed(message(1, 9));
  progress.on_flushed();
  progress.on_printed(message(0, 5));
  const kafka::TopicPartition lost{.topic = "t", .partition = 0};
  progress.forget(std::span(&lost, 1));
  progress.on_flushed();
  EXPECT_EQ(progress.to_commit(), (GroupProgress::NextOffsets{{{"t", 1}, 10}}));
}

}  // namespace
}  // namespace omashu::cli
