#include "table/read_progress.h"

#include <gtest/gtest.h>

namespace omashu::table {
namespace {

TEST(ReadProgress, IsCompleteWhenEveryPartitionReachedItsEnd) {
  ReadProgress progress;
  progress.add(0, 10, 13);
  progress.add(1, 0, 2);
  EXPECT_EQ(progress.total(), 5);
  EXPECT_FALSE(progress.is_complete());
  progress.on_record(0, 10);
  progress.on_record(0, 12);  // 11 was compacted away
  EXPECT_EQ(progress.done(), 3);
  EXPECT_FALSE(progress.is_complete());
  progress.on_record(1, 1);
  EXPECT_EQ(progress.done(), 5);
  EXPECT_TRUE(progress.is_complete());
}

TEST(ReadProgress, EmptyPartitionsAreCompleteAtOnce) {
  ReadProgress progress;
  progress.add(0, 0, 0);
  progress.add(1, 7, 7);
  EXPECT_TRUE(progress.is_complete());
  EXPECT_EQ(progress.total(), 0);
}

TEST(ReadProgress, TheLastRecordsMayNeverCome) {
  ReadProgress progress;
  progress.add(0, 0, 10);
  progress.on_record(0, 3);
  progress.on_partition_end(0);
  EXPECT_TRUE(progress.is_complete());
  EXPECT_EQ(progress.done(), 10);
}

TEST(ReadProgress, WhatCameLaterDoesNotCount) {
  ReadProgress progress;
  progress.add(0, 0, 2);
  progress.on_record(0, 1);
  progress.on_record(0, 2);
  progress.on_record(5, 0);
  EXPECT_EQ(progress.done(), 2);
  EXPECT_TRUE(progress.is_complete());
}

}  // namespace
}  // namespace omashu::table
