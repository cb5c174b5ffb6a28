// Elections and reassignments: what there is to say about them where there is one node.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/43_elect_leaders.h"
#include "broker/protocol/45_alter_partition_reassignments.h"
#include "broker/protocol/46_list_partition_reassignments.h"

namespace omashu::broker {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReassignmentsTest : public BrokerFixture {
 public:
  std::pair<KafkaError, std::string> reassign(std::string_view topic, int32_t partition,
                                              std::optional<std::vector<int32_t>> replicas, int16_t version) {
    AlterPartitionReassignmentsRequest request;
    request.topics = {
        {.name = topic, .partitions = {{.partition_index = PartitionId{partition}, .replicas = std::move(replicas)}}}};
    const auto altered = call(request, version);
    EXPECT_EQ(altered->error_code, KafkaError::kNone);
    const auto& answer = altered->responses.at(0);
    EXPECT_EQ(answer.name, topic);
    EXPECT_EQ(answer.partitions.at(0).partition_index, PartitionId{partition});
    return {answer.partitions[0].error_code, answer.partitions[0].error_message.value_or("")};
  }
};

TEST_F(ReassignmentsTest, NoElectionIsNeeded) {
  create_topic("t", 2);
  for (int16_t version = 0; version <= ElectLeadersRequest::kApi.versions.max; ++version) {
    const auto elected = call(
        ElectLeadersRequest{
            .topic_partitions = {{{.topic = "t", .partitions = {PartitionId{0}, PartitionId{1}, PartitionId{2}}},
                                  {.topic = "not there", .partitions = {PartitionId{0}}}}}},
        version);
    EXPECT_EQ(elected->error_code, KafkaError::kNone);
    ASSERT_THAT(elected->replica_election_results, SizeIs(2));
    const auto& partitions = elected->replica_election_results[0].partition_result;
    ASSERT_THAT(partitions, SizeIs(3));
    EXPECT_EQ(partitions[0].error_code, KafkaError::kElectionNotNeeded);
    EXPECT_EQ(partitions[1].error_code, KafkaError::kElectionNotNeeded);
    EXPECT_EQ(partitions[2].error_code, KafkaError::kUnknownTopicOrPartition);
    EXPECT_EQ(partitions[2].partition_id, PartitionId{2});
    EXPECT_EQ(elected->replica_election_results[1].partition_result.at(0).error_code,
              KafkaError::kUnknownTopicOrPartition);
    EXPECT_THAT(call(ElectLeadersRequest{}, version)->replica_election_results, IsEmpty()) << "of all partitions";
  }
}

TEST_F(ReassignmentsTest, ElectionsHaveTwoTypes) {
  EXPECT_EQ(call(ElectLeadersRequest{.election_type = ElectLeadersRequest::kUnclean})->error_code, KafkaError::kNone);
  EXPECT_EQ(call(ElectLeadersRequest{.election_type = 2})->error_code, KafkaError::kInvalidRequest);
}

TEST_F(ReassignmentsTest, APartitionCanBeAssignedToThisBrokerAlone) {
  options.node_id = 7;
  create_topic("t");
  for (int16_t version = 0; version <= AlterPartitionReassignmentsRequest::kApi.versions.max; ++version) {
    EXPECT_EQ(reassign("t", 0, {{7}}, version).first, KafkaError::kNone);
    for (const std::vector<int32_t>& others : {std::vector<int32_t>{}, {8}, {7, 8}, {7, 7}}) {
      const auto [error, message] = reassign("t", 0, others, version);
      EXPECT_EQ(error, KafkaError::kInvalidReplicaAssignment);
      EXPECT_THAT(message, testing::HasSubstr("Broker 7 is the only one"));
    }
    EXPECT_EQ(reassign("t", 0, std::nullopt, version).first, KafkaError::kNoReassignmentInProgress);
    EXPECT_EQ(reassign("t", 1, {{7}}, version).first, KafkaError::kUnknownTopicOrPartition);
    EXPECT_EQ(reassign("not there", 0, {{7}}, version).first, KafkaError::kUnknownTopicOrPartition);
  }
}

TEST_F(ReassignmentsTest, NoneIsEverUnderWay) {
  create_topic("t");
  const auto all = call(ListPartitionReassignmentsRequest{});
  EXPECT_EQ(all->error_code, KafkaError::kNone);
  EXPECT_THAT(all->topics, IsEmpty());
  EXPECT_THAT(
      call(ListPartitionReassignmentsRequest{.topics = {{{.name = "t", .partition_indexes = {PartitionId{0}}}}}})
          ->topics,
      IsEmpty());
}

}  // namespace
}  // namespace omashu::broker
