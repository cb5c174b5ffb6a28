#include "broker/group/offset_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Partition = OffsetTable::Partition;

OffsetTable::Commit commit(std::string topic, int32_t partition, int64_t offset, int64_t timestamp_ms = 0) {
  return {{std::move(topic), PartitionId{partition}}, {.offset = Offset{offset}, .commit_timestamp_ms = timestamp_ms}};
}

int64_t shown(const OffsetTable& table, std::string_view topic, int32_t partition) {
  const CommittedOffset* found = table.find(topic, PartitionId{partition});
  return std::to_underlying(found != nullptr ? found->offset : kNoOffset);
}

TEST(OffsetTable, ACommitShowsOnceItIsStored) {
  OffsetTable table;
  EXPECT_TRUE(table.is_empty());
  table.begin_commit(1, {commit("t", 0, 10), commit("t", 1, 11)});
  EXPECT_EQ(shown(table, "t", 0), -1);
  EXPECT_FALSE(table.is_empty());
  table.begin_commit(2, {commit("t", 0, 20)});
  table.end_commit(1, true);
  EXPECT_EQ(shown(table, "t", 0), 10);
  EXPECT_EQ(shown(table, "t", 1), 11);
  table.end_commit(2, false);
  EXPECT_EQ(shown(table, "t", 0), 10);
}

TEST(OffsetTable, TheLaterCommitStaysWhicheverIsStoredFirst) {
  OffsetTable table;
  table.begin_commit(1, {commit("t", 0, 10), commit("t", 1, 11)});
  table.begin_commit(2, {commit("t", 0, 20)});
  table.end_commit(2, true);
  EXPECT_EQ(shown(table, "t", 0), 20);
  table.end_commit(1, true);
  EXPECT_EQ(shown(table, "t", 0), 20);
  EXPECT_EQ(shown(table, "t", 1), 11);
}

TEST(OffsetTable, ARemovalTakesBackWhatIsOnItsWay) {
  OffsetTable table;
  table.begin_commit(1, {commit("t", 0, 10), commit("t", 1, 11)});
  EXPECT_TRUE(table.remove({"t", PartitionId{0}})) << "its record is in the log";
  EXPECT_FALSE(table.remove({"t", PartitionId{0}}));
  table.end_commit(1, true);
  EXPECT_EQ(shown(table, "t", 0), -1);
  EXPECT_EQ(shown(table, "t", 1), 11);
  EXPECT_TRUE(table.remove({"t", PartitionId{1}}));
  EXPECT_TRUE(table.is_empty());
}

TEST(OffsetTable, RemovesATopicOrAll) {
  OffsetTable table;
  table.put(commit("t", 1, 1));
  table.put(commit("u", 0, 2));
  table.begin_commit(1, {commit("t", 0, 3), commit("t", 1, 4), commit("v", 0, 5)});
  EXPECT_THAT(table.remove_topic("t"), ElementsAre(Partition{"t", PartitionId{0}}, Partition{"t", PartitionId{1}}));
  EXPECT_THAT(table.remove_topic("t"), IsEmpty());
  EXPECT_THAT(table.remove_all(), ElementsAre(Partition{"u", PartitionId{0}}, Partition{"v", PartitionId{0}}));
  table.end_commit(1, true);
  EXPECT_TRUE(table.is_empty());
}

TEST(OffsetTable, RetentionCountsFromTheCommitOrFromWhenTheGroupBecameEmpty) {
  OffsetTable table;
  table.put(commit("t", 0, 1, 1000));
  table.put(commit("t", 1, 1, 3000));
  EXPECT_THAT(table.remove_expired(2000, 500, 2499), IsEmpty());
  EXPECT_THAT(table.remove_expired(2000, 500, 2500), ElementsAre(Partition{"t", PartitionId{0}}));
  EXPECT_THAT(table.remove_expired(2000, 500, 3500), ElementsAre(Partition{"t", PartitionId{1}}));
  EXPECT_TRUE(table.is_empty());
}

TEST(OffsetTable, AnOwnTimeOfExpiryCountsAlone) {
  OffsetTable table;
  OffsetTable::Commit own = commit("t", 0, 1, 1000);
  own.offset.expire_timestamp_ms = 9000;
  table.put(own);
  EXPECT_THAT(table.remove_expired(0, 500, 8999), IsEmpty());
  EXPECT_THAT(table.remove_expired(0, 500, 9000), ElementsAre(Partition{"t", PartitionId{0}}));
}

TEST(OffsetTable, ATimestampThatCannotBeIsLongAgoOrFarAhead) {
  OffsetTable table;
  table.put(commit("t", 0, 1, INT64_MIN));
  table.put(commit("t", 1, 1, INT64_MAX));
  EXPECT_THAT(table.remove_expired(INT64_MIN, 500, 5000), ElementsAre(Partition{"t", PartitionId{0}}));
}

TEST(OffsetTable, WhatIsBeingCommittedDoesNotExpire) {
  OffsetTable table;
  table.put(commit("t", 0, 1, 0));
  table.begin_commit(1, {commit("t", 0, 2, 5000)});
  EXPECT_THAT(table.remove_expired(0, 500, 5000), IsEmpty());
  table.end_commit(1, true);
  EXPECT_EQ(shown(table, "t", 0), 2);
}

}  // namespace
}  // namespace omashu::broker
