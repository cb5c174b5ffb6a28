#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/03_metadata.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using WantedTopic = CreateTopicsRequest::Topic;

class TopicsTest : public BrokerFixture {
 public:
  std::pair<KafkaError, std::string> creation_error(WantedTopic topic, bool validate_only = false) {
    const auto created = call(CreateTopicsRequest{.topics = {std::move(topic)}, .validate_only = validate_only});
    const auto& answer = created->topics.at(0);
    return {answer.error_code, answer.error_message.value_or("")};
  }

  static WantedTopic topic(std::string_view name, int32_t partitions = 1, int16_t replication_factor = 1) {
    return {.name = name,
            .num_partitions = partitions,
            .replication_factor = replication_factor,
            .assignments = {},
            .configs = {}};
  }
};

TEST_F(TopicsTest, ATopicIsCreatedAndDescribedAtEveryVersion) {
  for (int16_t version = CreateTopicsRequest::kApi.versions.min; version <= CreateTopicsRequest::kApi.versions.max;
       ++version) {
    const std::string name = "t" + std::to_string(version);
    const auto created = call(CreateTopicsRequest{.topics = {topic(name, 3)}}, version);
    EXPECT_EQ(created->topics.at(0).error_code, KafkaError::kNone);
    EXPECT_EQ(created->topics[0].num_partitions, version >= 5 ? 3 : -1);
  }
  for (int16_t version = MetadataRequest::kApi.versions.min; version <= MetadataRequest::kApi.versions.max; ++version) {
    MetadataRequest request{.topics = {{{.name = "t4"}}}};
    const auto metadata = call(request, version);
    ASSERT_EQ(metadata->topics.size(), 1u) << version;
    EXPECT_EQ(metadata->topics[0].error_code, KafkaError::kNone);
    EXPECT_EQ(metadata->topics[0].partitions.size(), 3u);
    EXPECT_EQ(metadata->topics[0].partitions[2].leader_id, 1);
    EXPECT_THAT(metadata->topics[0].partitions[2].isr_nodes, ElementsAre(1));
    EXPECT_EQ(metadata->brokers.at(0).host, "broker.example");
    EXPECT_EQ(metadata->brokers[0].port, 9092);
  }
}

TEST_F(TopicsTest, CreationIsRefusedWithTheReason) {
  create_topic("there.already");
  const auto with_config = [](std::string_view name, std::optional<std::string_view> value) {
    WantedTopic wanted = topic("t");
    wanted.configs = {{.name = name, .value = value}};
    return wanted;
  };
  const auto with_assignment = [](int32_t partition, int32_t node) {
    WantedTopic wanted = topic("t", -1, -1);
    wanted.assignments = {{.partition_index = PartitionId{partition}, .broker_ids = {node}}};
    return wanted;
  };
  const struct {
    WantedTopic topic;
    KafkaError error;
    const char* words;
  } cases[] = {
      {topic("there.already"), KafkaError::kTopicAlreadyExists, "already exists"},
      {topic("there_already"), KafkaError::kInvalidTopicException, "collides with existing topic: there.already"},
      {topic("not a name"), KafkaError::kInvalidTopicException, "illegal topic name"},
      {topic(""), KafkaError::kInvalidTopicException, "empty"},
      {topic("t", 0), KafkaError::kInvalidPartitions, "larger than 0"},
      {topic("t", 1'000'000), KafkaError::kInvalidPartitions, "at most"},
      {topic("t", 1, 3), KafkaError::kInvalidReplicationFactor, "3 time(s)"},
      {topic("t", 1, 0), KafkaError::kInvalidReplicationFactor, "larger than 0"},
      {with_config("no.such.key", "1"), KafkaError::kInvalidConfig, "Unknown topic config name: no.such.key"},
      {with_config("cleanup.policy", "nonsense"), KafkaError::kInvalidConfig, "nonsense"},
      {with_config("retention.ms", std::nullopt), KafkaError::kInvalidConfig, "Null value"},
      {with_assignment(0, 2), KafkaError::kInvalidReplicaAssignment, "broker 1 alone"},
      {with_assignment(1, 1), KafkaError::kInvalidReplicaAssignment, "numbered from 0"},
  };
  for (const auto& c : cases) {
    for (const bool validate_only : {true, false}) {
      const auto [error, words] = creation_error(c.topic, validate_only);
      EXPECT_EQ(error, c.error) << c.words;
      EXPECT_THAT(words, HasSubstr(c.words));
    }
  }
  EXPECT_EQ(broker().topics().all().size(), 1u);
}

TEST_F(TopicsTest, TheBrokersDefaultsAreMinusOne) {
  options.default_partitions = 4;
  EXPECT_EQ(creation_error(topic("t", -1, -1)).first, KafkaError::kNone);
  EXPECT_EQ(broker().topics().find("t")->partitions.size(), 4u);
}

TEST_F(TopicsTest, AReplicationFactorAboveOneNeedsAnOption) {
  options.accept_any_replication_factor = true;
  EXPECT_EQ(creation_error(topic("t", 1, 3)).first, KafkaError::kNone);
}

TEST_F(TopicsTest, ValidatingMakesNothing) {
  EXPECT_EQ(creation_error(topic("t"), true).first, KafkaError::kNone);
  EXPECT_EQ(broker().topics().find("t"), nullptr);
}

TEST_F(TopicsTest, OneNameTwiceInARequestIsRefusedAndTheOthersAreMade) {
  const auto created =
      call(CreateTopicsRequest{.topics = {topic("twice"), topic("once"), topic("twice"), topic("o.o"), topic("o_o")}});
  std::vector<KafkaError> errors;
  for (const auto& answer : created->topics) errors.push_back(answer.error_code);
  EXPECT_THAT(errors, ElementsAre(KafkaError::kInvalidRequest, KafkaError::kNone, KafkaError::kInvalidRequest,
                                  KafkaError::kNone, KafkaError::kInvalidTopicException));
  EXPECT_EQ(broker().topics().all().size(), 2u);
}

TEST_F(TopicsTest, MetadataMakesATopicOnlyWhereBothWantIt) {
  MetadataRequest request{.topics = {{{.name = "new"}, {.name = "not a name"}}}, .allow_auto_topic_creation = false};
  EXPECT_EQ(call(request)->topics.at(0).error_code, KafkaError::kUnknownTopicOrPartition);
  request.allow_auto_topic_creation = true;
  const auto made = call(request);
  EXPECT_EQ(made->topics.at(0).error_code, KafkaError::kNone);
  EXPECT_EQ(made->topics[0].partitions.size(), 1u);
  EXPECT_EQ(made->topics.at(1).error_code, KafkaError::kInvalidTopicException);

  options.auto_create_topics = false;
  restart();
  MetadataRequest other{.topics = {{{.name = "other"}}}};
  EXPECT_EQ(call(other)->topics.at(0).error_code, KafkaError::kUnknownTopicOrPartition);
}

TEST_F(TopicsTest, MetadataListsAllTopicsOrFindsThemById) {
  create_topic("a");
  create_topic("b", 2);
  EXPECT_EQ(call(MetadataRequest{.topics = std::nullopt})->topics.size(), 2u);
  EXPECT_EQ(call(MetadataRequest{.topics = {{}}}, 0)->topics.size(), 2u) << "in version 0 the empty list is all";
  EXPECT_EQ(call(MetadataRequest{.topics = {{}}}, 1)->topics.size(), 0u);
  const Uuid id{broker().topics().find("b")->id};
  const auto found = call(MetadataRequest{.topics = {{{.topic_id = id}, {.topic_id = {}}}}}, 12);
  EXPECT_EQ(found->topics.at(0).name, "b");
  EXPECT_EQ(found->topics.at(1).error_code, KafkaError::kUnknownTopicId);
}

}  // namespace
}  // namespace omashu::broker
