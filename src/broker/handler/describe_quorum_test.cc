#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/55_describe_quorum.h"

namespace omashu::broker {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

using DescribeQuorumTest = BrokerFixture;

TEST_F(DescribeQuorumTest, ThisNodeIsTheOnlyVoterAtEveryVersion) {
  options.node_id = 7;
  for (int16_t version = 0; version <= DescribeQuorumRequest::kApi.versions.max; ++version) {
    const auto quorum =
        call(DescribeQuorumRequest{.topics = {{.topic_name = "__cluster_metadata", .partitions = {{PartitionId{0}}}}}},
             version);
    EXPECT_EQ(quorum->error_code, KafkaError::kNone);
    const auto& partition = quorum->topics.at(0).partitions.at(0);
    EXPECT_EQ(partition.error_code, KafkaError::kNone);
    EXPECT_EQ(partition.leader_id, 7);
    EXPECT_EQ(partition.high_watermark, Offset{0});
    ASSERT_THAT(partition.current_voters, SizeIs(1));
    EXPECT_EQ(partition.current_voters[0].replica_id, 7);
    EXPECT_EQ(partition.current_voters[0].last_caught_up_timestamp > 0, version >= 1);
    EXPECT_THAT(partition.observers, IsEmpty());
    if (version < 2) continue;
    ASSERT_THAT(quorum->nodes, SizeIs(1));
    EXPECT_EQ(quorum->nodes[0].node_id, 7);
    EXPECT_EQ(quorum->nodes[0].listeners.at(0).name, "PLAINTEXT");
    EXPECT_EQ(quorum->nodes[0].listeners.at(0).host, "broker.example");
    EXPECT_EQ(quorum->nodes[0].listeners[0].port, 9092);
  }
}

TEST_F(DescribeQuorumTest, NoOtherPartitionHasOne) {
  create_topic("t");
  const auto quorum =
      call(DescribeQuorumRequest{.topics = {{.topic_name = "__cluster_metadata", .partitions = {{PartitionId{1}}}},
                                            {.topic_name = "t", .partitions = {{PartitionId{0}}}}}});
  ASSERT_THAT(quorum->topics, SizeIs(2));
  for (const auto& topic : quorum->topics) {
    EXPECT_EQ(topic.partitions.at(0).error_code, KafkaError::kUnknownTopicOrPartition) << topic.topic_name;
    EXPECT_THAT(topic.partitions[0].current_voters, IsEmpty());
  }
}

}  // namespace
}  // namespace omashu::broker
