#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/37_create_partitions.h"

namespace omashu::broker {
namespace {

using WantedTopic = CreatePartitionsRequest::Topic;

class CreatePartitionsTest : public BrokerFixture {
 public:
  size_t partitions(std::string_view topic) { return broker().topics().find(topic)->partitions.size(); }

  std::pair<KafkaError, std::string> grow(WantedTopic topic, bool validate_only = false) {
    const auto answer = call(CreatePartitionsRequest{.topics = {std::move(topic)}, .validate_only = validate_only});
    const auto& result = answer->results.at(0);
    return {result.error_code, result.error_message.value_or("")};
  }

  static std::vector<CreatePartitionsRequest::Assignment> assigned_to(std::vector<int32_t> nodes) {
    std::vector<CreatePartitionsRequest::Assignment> assignments;
    for (const int32_t node : nodes) assignments.push_back({{node}});
    return assignments;
  }
};

TEST_F(CreatePartitionsTest, ATopicGrowsAtEveryVersionAndKeepsItsRecords) {
  create_topic("t");
  append("t", "one");
  int32_t count = 1;
  for (int16_t version = CreatePartitionsRequest::kApi.versions.min;
       version <= CreatePartitionsRequest::kApi.versions.max; ++version) {
    const auto grown = call(CreatePartitionsRequest{.topics = {{.name = "t", .count = ++count}}}, version);
    ASSERT_EQ(grown->results.size(), 1u);
    EXPECT_EQ(grown->results[0].name, "t");
    EXPECT_EQ(grown->results[0].error_code, KafkaError::kNone);
    EXPECT_EQ(partitions("t"), static_cast<size_t>(count));
  }
  EXPECT_EQ(append("t", "two").base_offset, Offset{1});
  EXPECT_EQ(append("t", "first", count - 1).base_offset, Offset{0});
  restart();
  EXPECT_EQ(partitions("t"), static_cast<size_t>(count));
}

TEST_F(CreatePartitionsTest, NewPartitionsHaveTheTopicsConfigs) {
  create_topic("t", 1, {{.name = "max.message.bytes", .value = "10"}});
  EXPECT_EQ(grow({.name = "t", .count = 2}).first, KafkaError::kNone);
  EXPECT_EQ(append("t", "far too long", 1).error, KafkaError::kMessageTooLarge);
}

TEST_F(CreatePartitionsTest, AssignmentsAreToThisBrokerAlone) {
  create_topic("t");
  EXPECT_EQ(grow({.name = "t", .count = 3, .assignments = assigned_to({1, 1})}).first, KafkaError::kNone);
  EXPECT_EQ(partitions("t"), 3u);
}

TEST_F(CreatePartitionsTest, GrowthIsRefusedWithTheReason) {
  create_topic("t", 5);
  create_internal_topic();
  const struct {
    WantedTopic topic;
    KafkaError error;
    const char* words;
  } cases[] = {
      {{.name = "t", .count = 3},
       KafkaError::kInvalidPartitions,
       "The topic t currently has 5 partition(s); 3 would not be an increase."},
      {{.name = "t", .count = -1},
       KafkaError::kInvalidPartitions,
       "The topic t currently has 5 partition(s); -1 would not be an increase."},
      {{.name = "t", .count = 5}, KafkaError::kInvalidPartitions, "Topic already has 5 partition(s)."},
      {{.name = "t", .count = 10'001}, KafkaError::kInvalidPartitions, "A topic has at most 10000 partitions."},
      {{.name = "none", .count = 2}, KafkaError::kUnknownTopicOrPartition, "The topic 'none' does not exist."},
      {{.name = Topic::kConsumerOffsets, .count = 2},
       KafkaError::kInvalidTopicException,
       "The topic __consumer_offsets is the broker's own."},
      {{.name = "t", .count = 7, .assignments = assigned_to({1})},
       KafkaError::kInvalidReplicaAssignment,
       "2 partition(s) are to be added, but 1 assignment(s) were given."},
      {{.name = "t", .count = 6, .assignments = assigned_to({2})},
       KafkaError::kInvalidReplicaAssignment,
       "Partitions must be assigned to broker 1 alone."},
  };
  for (const auto& c : cases) {
    for (const bool validate_only : {true, false})
      EXPECT_EQ(grow(c.topic, validate_only), std::pair(c.error, std::string(c.words)));
  }
  EXPECT_EQ(partitions("t"), 5u);
}

TEST_F(CreatePartitionsTest, ValidatingChangesNothing) {
  create_topic("t");
  EXPECT_EQ(grow({.name = "t", .count = 2}, true).first, KafkaError::kNone);
  EXPECT_EQ(partitions("t"), 1u);
}

TEST_F(CreatePartitionsTest, ATopicThatIsNamedTwiceIsRefusedAndTheOthersGrow) {
  create_topic("twice");
  create_topic("once");
  const auto grown = call(CreatePartitionsRequest{
      .topics = {{.name = "twice", .count = 2}, {.name = "once", .count = 2}, {.name = "twice", .count = 3}}});
  EXPECT_EQ(grown->results.at(0).error_code, KafkaError::kInvalidRequest);
  EXPECT_EQ(grown->results.at(1).error_code, KafkaError::kNone);
  EXPECT_EQ(grown->results.at(2).error_code, KafkaError::kInvalidRequest);
  EXPECT_EQ(partitions("twice"), 1u);
  EXPECT_EQ(partitions("once"), 2u);
}

TEST_F(CreatePartitionsTest, WhereTheDiskFailsTheTopicStaysAsItIs) {
  create_topic("t");
  make_topic_file_unwritable();
  EXPECT_EQ(grow({.name = "t", .count = 2}).first, KafkaError::kKafkaStorageError);
  EXPECT_EQ(partitions("t"), 1u);
}

}  // namespace
}  // namespace omashu::broker
