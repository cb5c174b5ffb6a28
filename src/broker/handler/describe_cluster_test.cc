#include <gtest/gtest.h>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/60_describe_cluster.h"

namespace omashu::broker {
namespace {

using DescribeClusterTest = BrokerFixture;

TEST_F(DescribeClusterTest, TheOneBrokerIsTheClusterAtEveryVersion) {
  options.node_id = 7;
  for (int16_t version = DescribeClusterRequest::kApi.versions.min;
       version <= DescribeClusterRequest::kApi.versions.max; ++version) {
    const auto cluster = call(DescribeClusterRequest{}, version);
    EXPECT_EQ(cluster->error_code, KafkaError::kNone);
    EXPECT_EQ(cluster->cluster_id, broker().topics().cluster_id());
    EXPECT_EQ(cluster->controller_id, 7);
    ASSERT_EQ(cluster->brokers.size(), 1u);
    EXPECT_EQ(cluster->brokers[0].broker_id, 7);
    EXPECT_EQ(cluster->brokers[0].host, "broker.example");
    EXPECT_EQ(cluster->brokers[0].port, 9092);
    EXPECT_EQ(cluster->brokers[0].rack, std::nullopt);
  }
}

TEST_F(DescribeClusterTest, ClientsOfControllersAreSentAway) {
  EXPECT_EQ(call(DescribeClusterRequest{.endpoint_type = 2})->error_code, KafkaError::kMismatchedEndpointType);
  const auto unknown = call(DescribeClusterRequest{.endpoint_type = 3});
  EXPECT_EQ(unknown->error_code, KafkaError::kUnsupportedEndpointType);
  EXPECT_EQ(unknown->error_message, "Unsupported endpoint type 3");
  EXPECT_TRUE(unknown->brokers.empty());
}

}  // namespace
}  // namespace omashu::broker
