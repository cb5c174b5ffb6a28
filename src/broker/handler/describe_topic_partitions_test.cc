#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/75_describe_topic_partitions.h"

namespace omashu::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Request = DescribeTopicPartitionsRequest;

class DescribeTopicPartitionsTest : public BrokerFixture {
 public:
  // "a:0,1 b:0", and "> b:1" for the next page.
  std::string page(const Request& request) {
    const auto answer = call(request);
    std::string text;
    for (const auto& topic : answer->topics) {
      if (!text.empty()) text += ' ';
      text += *topic.name + ':';
      for (const auto& partition : topic.partitions) {
        if (!text.ends_with(':')) text += ',';
        text += fmt::format("{}", partition.partition_index);
      }
      if (topic.error_code != KafkaError::kNone) text += error_name(topic.error_code);
    }
    if (answer->next_cursor) {
      text += " > " + answer->next_cursor->topic_name + ':' + fmt::format("{}", answer->next_cursor->partition_index);
    }
    return text;
  }
};

TEST_F(DescribeTopicPartitionsTest, DescribesATopicAsMetadataDoes) {
  options.node_id = 7;
  create_topic("t", 2);
  const auto answer = call(Request{.topics = {{.name = "t"}}});
  ASSERT_THAT(answer->topics, SizeIs(1));
  EXPECT_EQ(answer->topics[0].error_code, KafkaError::kNone);
  EXPECT_EQ(answer->topics[0].topic_id.bytes, broker().topics().find("t")->id);
  EXPECT_FALSE(answer->topics[0].is_internal);
  EXPECT_EQ(answer->topics[0].topic_authorized_operations, 3576);
  ASSERT_THAT(answer->topics[0].partitions, SizeIs(2));
  const auto& partition = answer->topics[0].partitions[1];
  EXPECT_EQ(partition.partition_index, PartitionId{1});
  EXPECT_EQ(partition.leader_id, 7);
  EXPECT_EQ(partition.leader_epoch, 0);
  EXPECT_THAT(partition.replica_nodes, ElementsAre(7));
  EXPECT_THAT(partition.isr_nodes, ElementsAre(7));
  ASSERT_TRUE(partition.eligible_leader_replicas && partition.last_known_elr);
  EXPECT_THAT(*partition.eligible_leader_replicas, IsEmpty());
  EXPECT_THAT(*partition.last_known_elr, IsEmpty());
  EXPECT_FALSE(answer->next_cursor.has_value());
}

TEST_F(DescribeTopicPartitionsTest, TopicsComeInTheOrderOfTheirNamesAndOnce) {
  create_topic("b");
  create_topic("a", 2);
  create_topic("B");
  create_internal_topic();
  EXPECT_EQ(page({}), "B:0 __consumer_offsets:0 a:0,1 b:0");
  EXPECT_EQ(page({.topics = {{"b"}, {"a"}, {"b"}}}), "a:0,1 b:0");
  EXPECT_TRUE(call(Request{.topics = {{"__consumer_offsets"}}})->topics.at(0).is_internal);
}

TEST_F(DescribeTopicPartitionsTest, ThoseThatAreNotThereAreToldAndNotMade) {
  EXPECT_EQ(page({.topics = {{"not-there"}, {"not a name"}}}),
            "not a name:INVALID_TOPIC_EXCEPTION not-there:UNKNOWN_TOPIC_OR_PARTITION");
  EXPECT_EQ(page({}), "");
}

TEST_F(DescribeTopicPartitionsTest, APageEndsWhereItIsFull) {
  create_topic("a", 3);
  create_topic("b", 2);
  EXPECT_EQ(page({.response_partition_limit = 2}), "a:0,1 > a:2");
  EXPECT_EQ(page({.response_partition_limit = 2, .cursor = {{"a", PartitionId{2}}}}), "a:2 b:0 > b:1");
  EXPECT_EQ(page({.response_partition_limit = 2, .cursor = {{"b", PartitionId{1}}}}), "b:1");
  EXPECT_EQ(page({.response_partition_limit = 3}), "a:0,1,2 > b:0");
  EXPECT_EQ(page({.response_partition_limit = 5}), "a:0,1,2 b:0,1");
  EXPECT_EQ(page({.response_partition_limit = 0}), "a:0 > a:1") << "one at least";
}

TEST_F(DescribeTopicPartitionsTest, APageHasTwoThousandPartitionsAtMost) {
  create_topic("t", 2001);
  const auto answer = call(Request{.response_partition_limit = 10'000});
  EXPECT_THAT(answer->topics.at(0).partitions, SizeIs(2000));
  ASSERT_TRUE(answer->next_cursor.has_value());
  EXPECT_EQ(answer->next_cursor->partition_index, PartitionId{2000});
}

TEST_F(DescribeTopicPartitionsTest, ACursorMayPointToWhatIsGone) {
  create_topic("a");
  create_topic("c");
  EXPECT_EQ(page({.cursor = {{"b", PartitionId{5}}}}), "c:0");
  EXPECT_EQ(page({.cursor = {{"a", PartitionId{9}}}}), "a: c:0") << "its partitions cannot become fewer";
  EXPECT_EQ(page({.topics = {{"a"}, {"b"}}, .cursor = {{"b", PartitionId{0}}}}), "b:UNKNOWN_TOPIC_OR_PARTITION");
}

TEST_F(DescribeTopicPartitionsTest, ACursorThatCannotBeIsAnErrorOfEachTopic) {
  create_topic("a");
  EXPECT_EQ(page({.topics = {{"a"}}, .cursor = {{"b", PartitionId{0}}}}), "a:INVALID_REQUEST");
  EXPECT_EQ(page({.topics = {{"a"}}, .cursor = {{"a", PartitionId{-1}}}}), "a:INVALID_REQUEST");
}

}  // namespace
}  // namespace omashu::broker
