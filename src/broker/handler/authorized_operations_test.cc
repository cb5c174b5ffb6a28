#include "broker/handler/authorized_operations.h"

#include <gtest/gtest.h>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/03_metadata.h"
#include "broker/protocol/60_describe_cluster.h"

namespace omashu::broker {
namespace {

using AuthorizedOperationsTest = BrokerFixture;

// The figures are those of AclEntry.supportedOperations in Apache Kafka 4.3.1.
TEST_F(AuthorizedOperationsTest, AreThoseThatKafkaKnowsForTheResource) {
  EXPECT_EQ(kTopicOperations, 3576);
  EXPECT_EQ(kGroupOperations, 3400);
  EXPECT_EQ(kClusterOperations, 8096);
}

TEST_F(AuthorizedOperationsTest, MetadataTellsThemWhereTheyAreAskedFor) {
  create_topic("t");
  for (int16_t version = 8; version <= MetadataRequest::kApi.versions.max; ++version) {
    const auto told = call(MetadataRequest{.topics = {{{.name = "t"}, {.name = "not there"}}},
                                           .include_cluster_authorized_operations = version <= 10,
                                           .include_topic_authorized_operations = true},
                           version);
    ASSERT_EQ(told->topics.size(), 2u);
    for (const auto& topic : told->topics) EXPECT_EQ(topic.topic_authorized_operations, kTopicOperations) << version;
    EXPECT_EQ(told->cluster_authorized_operations, version <= 10 ? kClusterOperations : kOperationsNotRequested);

    const auto not_told = call(MetadataRequest{.topics = {{{.name = "t"}}}}, version);
    EXPECT_EQ(not_told->topics.at(0).topic_authorized_operations, kOperationsNotRequested) << version;
    EXPECT_EQ(not_told->cluster_authorized_operations, kOperationsNotRequested) << version;
  }
}

TEST_F(AuthorizedOperationsTest, DescribeClusterTellsThemWhereTheyAreAskedFor) {
  for (int16_t version = 0; version <= DescribeClusterRequest::kApi.versions.max; ++version) {
    const auto told = call(DescribeClusterRequest{.include_cluster_authorized_operations = true}, version);
    EXPECT_EQ(told->cluster_authorized_operations, kClusterOperations);
    EXPECT_EQ(call(DescribeClusterRequest{}, version)->cluster_authorized_operations, kOperationsNotRequested);
  }
}

}  // namespace
}  // namespace omashu::broker
