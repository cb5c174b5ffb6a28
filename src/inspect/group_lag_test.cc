#include "inspect/group_lag.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::inspect {
namespace {

using kafka::TopicPartition;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

kafka::GroupDescription group_with_member(std::vector<TopicPartition> assignment) {
  kafka::GroupDescription group;
  group.id = "g";
  group.members.push_back({.member_id = "m-1",
                           .group_instance_id = {},
                           .client_id = "app",
                           .host = "/127.0.0.1",
                           .assignment = std::move(assignment)});
  return group;
}

TEST(GroupLag, IsTheDistanceFromWhatWasCommittedToTheEnd) {
  const auto lags =
      partition_lags(group_with_member({{"t", 0}}), {{{"t", 0}, 7}, {{"t", 1}, 5}}, {{{"t", 0}, 10}, {{"t", 1}, 5}});
  ASSERT_THAT(lags, SizeIs(2));
  EXPECT_EQ(lags[0].lag, 3);
  EXPECT_EQ(lags[0].client_id, "app");
  EXPECT_EQ(lags[1].lag, 0);
  EXPECT_EQ(lags[1].member_id, "");
  EXPECT_EQ(total_lag(lags), 3);
}

TEST(GroupLag, IsUnknownWithoutACommitOrWithoutAnEnd) {
  const auto lags = partition_lags(group_with_member({{"t", 1}, {"t", 0}}), {{{"gone", 0}, 7}}, {{{"t", 0}, 10}});
  ASSERT_THAT(lags, SizeIs(3));
  EXPECT_EQ(lags[0].partition, (TopicPartition{"gone", 0}));
  EXPECT_EQ(lags[0].end, std::nullopt);
  EXPECT_EQ(lags[1].partition, (TopicPartition{"t", 0}));
  EXPECT_EQ(lags[1].committed, std::nullopt);
  EXPECT_EQ(lags[1].end, 10);
  for (const PartitionLag& lag : lags) EXPECT_EQ(lag.lag, std::nullopt);
  EXPECT_EQ(total_lag(lags), 0);
}

TEST(GroupLag, IsNeverNegative) { EXPECT_EQ(partition_lags({}, {{{"t", 0}, 9}}, {{{"t", 0}, 3}})[0].lag, 0); }

TEST(GroupLag, PartitionsAreThoseCommittedAndThoseAssigned) {
  EXPECT_THAT(partitions_of_group(group_with_member({{"b", 0}}), {{{"a", 1}, 0}, {{"b", 0}, 0}}),
              ElementsAre(TopicPartition{"a", 1}, TopicPartition{"b", 0}));
  EXPECT_THAT(partitions_of_group({}, {}), IsEmpty());
}

}  // namespace
}  // namespace omashu::inspect
