#include "kafka/partition_sizes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::kafka {
namespace {

using ::testing::HasSubstr;
using Answers = std::vector<Result<std::vector<LogDir>>>;

TopicDescription topic_with_leaders(const std::string& name, const std::vector<std::optional<int32_t>>& leaders) {
  TopicDescription topic{.name = name, .partitions = static_cast<int>(leaders.size()), .replication_factor = 2};
  for (const auto& leader : leaders) {
    topic.partition_descriptions.push_back(
        {.id = static_cast<PartitionId>(topic.partition_descriptions.size()), .leader = leader, .replicas = {1, 2}});
  }
  return topic;
}

std::vector<LogDir> one_dir(std::map<TopicPartition, int64_t> replica_bytes) {
  return {{.path = "/data", .replica_bytes = std::move(replica_bytes)}};
}

TEST(PartitionSizesTest, APartitionIsAsLargeAsItsLeadersReplica) {
  const std::vector<TopicDescription> topics = {topic_with_leaders("a", {1, 2})};
  const Answers answers = {one_dir({{{"a", 0}, 100}, {{"a", 1}, 70}, {{"other", 0}, 5}}),
                           one_dir({{{"a", 0}, 120}, {{"a", 1}, 60}})};
  const PartitionSizes sizes = partition_sizes(topics, std::vector<int32_t>{1, 2}, answers);
  EXPECT_EQ(sizes.partitions.size(), 2U);
  EXPECT_EQ(sizes.partitions.at({"a", 0}).bytes, 100);
  EXPECT_EQ(sizes.partitions.at({"a", 0}).replicas_bytes, 220);
  EXPECT_EQ(sizes.partitions.at({"a", 1}).bytes, 60);
  EXPECT_FALSE(sizes.unknown);
  EXPECT_EQ(topic_size(topics[0], sizes)->bytes, 160);
  EXPECT_EQ(topic_size(topics[0], sizes)->replicas_bytes, 350);
}

TEST(PartitionSizesTest, AnotherReplicaTellsWhereTheLeaderDoesNot) {
  const std::vector<TopicDescription> topics = {topic_with_leaders("a", {1, std::nullopt})};
  const Answers answers = {fail(ErrorCode::kTimeout, "no answer"), one_dir({{{"a", 0}, 120}, {{"a", 1}, 60}})};
  const PartitionSizes sizes = partition_sizes(topics, std::vector<int32_t>{1, 2}, answers);
  EXPECT_EQ(sizes.partitions.at({"a", 0}).bytes, 120);
  EXPECT_EQ(sizes.partitions.at({"a", 1}).bytes, 60);
  ASSERT_TRUE(sizes.unknown);
  EXPECT_THAT(sizes.unknown->message, HasSubstr("broker 1: no answer"));
}

TEST(PartitionSizesTest, ATopicOfWhichAPartitionIsNotKnownHasNoSize) {
  const std::vector<TopicDescription> topics = {topic_with_leaders("a", {1, 2})};
  const Answers answers = {one_dir({{{"a", 0}, 100}}), fail(ErrorCode::kTimeout, "no answer")};
  EXPECT_FALSE(topic_size(topics[0], partition_sizes(topics, std::vector<int32_t>{1, 2}, answers)));
}

TEST(PartitionSizesTest, APartitionInSeveralFoldersOfABrokerCountsOnceForEach) {
  const std::vector<TopicDescription> topics = {topic_with_leaders("a", {1, 1})};
  const Answers answers = {std::vector<LogDir>{{.path = "/1", .replica_bytes = {{{"a", 0}, 10}}},
                                               {.path = "/2", .replica_bytes = {{{"a", 1}, 20}}}}};
  EXPECT_EQ(topic_size(topics[0], partition_sizes(topics, std::vector<int32_t>{1}, answers))->bytes, 30);
}

}  // namespace
}  // namespace omashu::kafka
