// AlterConfigs and IncrementalAlterConfigs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/33_alter_configs.h"
#include "broker/protocol/44_incremental_alter_configs.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using Change = IncrementalAlterConfigsRequest::Config;
using Outcome = std::pair<KafkaError, std::string>;

const Outcome kDone = {KafkaError::kNone, ""};

class AlterConfigsTest : public BrokerFixture {
 public:
  const TopicConfigs& configs(std::string_view topic) { return broker().topics().find(topic)->configs; }

  Outcome alter(std::string_view topic, std::vector<Change> changes, bool validate_only = false,
                ConfigResourceType type = ConfigResourceType::kTopic) {
    const auto altered = call(IncrementalAlterConfigsRequest{
        .resources = {{.resource_type = type, .resource_name = topic, .configs = std::move(changes)}},
        .validate_only = validate_only});
    return outcome_of(altered->responses.at(0));
  }
  Outcome replace(std::string_view topic, std::vector<AlterConfigsRequest::Config> configs, bool validate_only = false,
                  ConfigResourceType type = ConfigResourceType::kTopic) {
    const auto altered = call(AlterConfigsRequest{
        .resources = {{.resource_type = type, .resource_name = topic, .configs = std::move(configs)}},
        .validate_only = validate_only});
    return outcome_of(altered->responses.at(0));
  }

  static Change set(std::string_view name, std::string_view value) { return {.name = name, .value = value}; }
  static Change remove(std::string_view name) { return {.name = name, .config_operation = AlterConfigOp::kDelete}; }
  static Change append_to(std::string_view name, std::string_view value) {
    return {.name = name, .config_operation = AlterConfigOp::kAppend, .value = value};
  }
  static Change subtract_from(std::string_view name, std::string_view value) {
    return {.name = name, .config_operation = AlterConfigOp::kSubtract, .value = value};
  }

 private:
  template <class Answer>
  static Outcome outcome_of(const Answer& answer) {
    return {answer.error_code, answer.error_message.value_or("")};
  }
};

TEST_F(AlterConfigsTest, OnlyWhatIsNamedChangesAtEveryVersion) {
  for (int16_t version = IncrementalAlterConfigsRequest::kApi.versions.min;
       version <= IncrementalAlterConfigsRequest::kApi.versions.max; ++version) {
    const std::string topic = "t" + std::to_string(version);
    create_topic(topic, 1, {{.name = "segment.ms", .value = "5"}, {.name = "retention.ms", .value = "1000"}});
    const auto altered = call(
        IncrementalAlterConfigsRequest{
            .resources = {{.resource_type = ConfigResourceType::kTopic,
                           .resource_name = topic,
                           .configs = {set("segment.ms", "7"), set("flush.ms", "9"), remove("retention.ms")}}}},
        version);
    ASSERT_EQ(altered->responses.size(), 1u);
    EXPECT_EQ(altered->responses[0].error_code, KafkaError::kNone);
    EXPECT_EQ(altered->responses[0].resource_type, ConfigResourceType::kTopic);
    EXPECT_EQ(altered->responses[0].resource_name, topic);
    EXPECT_THAT(configs(topic), ElementsAre(Pair("flush.ms", "9"), Pair("segment.ms", "7")));
  }
  restart();
  EXPECT_THAT(configs("t0"), ElementsAre(Pair("flush.ms", "9"), Pair("segment.ms", "7")));
}

TEST_F(AlterConfigsTest, AReplacementLeavesNothingOfBeforeAtEveryVersion) {
  for (int16_t version = AlterConfigsRequest::kApi.versions.min; version <= AlterConfigsRequest::kApi.versions.max;
       ++version) {
    const std::string topic = "t" + std::to_string(version);
    create_topic(topic, 1, {{.name = "segment.ms", .value = "5"}});
    const auto altered = call(AlterConfigsRequest{.resources = {{.resource_type = ConfigResourceType::kTopic,
                                                                 .resource_name = topic,
                                                                 .configs = {{.name = "flush.ms", .value = "9"}}}}},
                              version);
    ASSERT_EQ(altered->responses.size(), 1u);
    EXPECT_EQ(altered->responses[0].error_code, KafkaError::kNone);
    EXPECT_EQ(altered->responses[0].resource_name, topic);
    EXPECT_THAT(configs(topic), ElementsAre(Pair("flush.ms", "9")));
  }
  EXPECT_EQ(replace("t0", {}), kDone);
  EXPECT_THAT(configs("t0"), IsEmpty());
}

TEST_F(AlterConfigsTest, TheLogsFollowAtOnce) {
  create_topic("t", 2);
  EXPECT_EQ(alter("t", {set("max.message.bytes", "10")}), kDone);
  EXPECT_EQ(append("t", "far too long", 1).error, KafkaError::kMessageTooLarge);
  EXPECT_EQ(alter("t", {remove("max.message.bytes")}), kDone);
  EXPECT_EQ(append("t", "far too long", 1).error, KafkaError::kNone);
  EXPECT_EQ(alter("t", {set("cleanup.policy", "compact")}), kDone);
  std::string without_key = batch("v", std::nullopt);
  EXPECT_EQ(broker().topics().find("t")->partitions[0]->append(without_key, {.now_ms = 1}).error,
            KafkaError::kInvalidRecord);
}

TEST_F(AlterConfigsTest, ListsGrowAndShrink) {
  create_topic("t");
  EXPECT_EQ(alter("t", {append_to("cleanup.policy", "compact")}), kDone);
  EXPECT_EQ(configs("t").at("cleanup.policy"), "delete,compact") << "the default is where an unset list starts";
  EXPECT_EQ(alter("t", {append_to("cleanup.policy", "compact, delete")}), kDone);
  EXPECT_EQ(configs("t").at("cleanup.policy"), "delete,compact");
  EXPECT_EQ(alter("t", {subtract_from("cleanup.policy", "delete,never.there")}), kDone);
  EXPECT_EQ(configs("t").at("cleanup.policy"), "compact");
  EXPECT_EQ(alter("t", {subtract_from("leader.replication.throttled.replicas", "0:1")}), kDone);
  EXPECT_EQ(configs("t").at("leader.replication.throttled.replicas"), "");
}

TEST_F(AlterConfigsTest, AnAlterationIsMadeAsAWholeOrRefusedWithTheReason) {
  create_topic("t", 1, {{.name = "segment.ms", .value = "5"}});
  const Change without_value{.name = "flush.ms"};
  const Change with_strange_operation{
      .name = "flush.ms", .config_operation = static_cast<AlterConfigOp>(4), .value = "1"};
  const struct {
    std::vector<Change> changes;
    KafkaError error;
    const char* message;
  } cases[] = {
      {{set("segment.ms", "7"), set("retention.ms", "soon")},
       KafkaError::kInvalidConfig,
       "Invalid value soon for configuration retention.ms: It must be a whole number of at least -1."},
      {{set("cleanup.policy", "nonsense")},
       KafkaError::kInvalidConfig,
       "Invalid value nonsense for configuration cleanup.policy: String must be one of: compact, delete"},
      {{set("no.such.key", "1")}, KafkaError::kInvalidConfig, "Unknown topic config name: no.such.key"},
      {{subtract_from("cleanup.policy", "delete")},
       KafkaError::kInvalidConfig,
       "Invalid value  for configuration cleanup.policy: String must be one of: compact, delete"},
      {{append_to("retention.ms", "1")},
       KafkaError::kInvalidConfig,
       "Can't APPEND to key retention.ms because its type is not LIST."},
      {{subtract_from("no.such.key", "1")},
       KafkaError::kInvalidConfig,
       "Can't SUBTRACT to key no.such.key because its type is not LIST."},
      {{set("segment.ms", "7"), without_value, append_to("cleanup.policy", "compact")},
       KafkaError::kInvalidRequest,
       "Null value not supported for : flush.ms"},
      {{set("segment.ms", "7"), remove("segment.ms")},
       KafkaError::kInvalidRequest,
       "Error due to duplicate config keys"},
      {{with_strange_operation}, KafkaError::kInvalidRequest, "Unknown operations type 4"},
  };
  for (const auto& c : cases) {
    for (const bool validate_only : {true, false}) {
      EXPECT_EQ(alter("t", c.changes, validate_only), Outcome(c.error, c.message));
    }
  }
  EXPECT_THAT(configs("t"), ElementsAre(Pair("segment.ms", "5")));
}

TEST_F(AlterConfigsTest, AReplacementIsMadeAsAWholeOrRefusedWithTheReason) {
  create_topic("t", 1, {{.name = "segment.ms", .value = "5"}});
  EXPECT_EQ(replace("t", {{.name = "flush.ms", .value = "1"}, {.name = "segment.ms", .value = "0"}}),
            Outcome(KafkaError::kInvalidConfig,
                    "Invalid value 0 for configuration segment.ms: It must be a whole number of at least 1."));
  EXPECT_EQ(replace("t", {{.name = "flush.ms"}, {.name = "flush.messages"}}),
            Outcome(KafkaError::kInvalidRequest, "Null value not supported for : flush.ms, flush.messages"));
  EXPECT_EQ(replace("t", {{.name = "flush.ms", .value = "1"}, {.name = "flush.ms", .value = "2"}}).first,
            KafkaError::kInvalidRequest);
  EXPECT_THAT(configs("t"), ElementsAre(Pair("segment.ms", "5")));
}

TEST_F(AlterConfigsTest, ValidatingChangesNothing) {
  create_topic("t");
  EXPECT_EQ(alter("t", {set("segment.ms", "7")}, true), kDone);
  EXPECT_EQ(replace("t", {{.name = "segment.ms", .value = "7"}}, true), kDone);
  EXPECT_THAT(configs("t"), IsEmpty());
}

TEST_F(AlterConfigsTest, OnlyTopicsThatAreThereCanBeAltered) {
  EXPECT_EQ(alter("none", {set("segment.ms", "7")}),
            Outcome(KafkaError::kUnknownTopicOrPartition, "The topic 'none' does not exist."));
  EXPECT_EQ(alter("1", {}, false, ConfigResourceType::kBrokerLogger),
            Outcome(KafkaError::kInvalidRequest, "Unknown resource type 8"));
}

constexpr ConfigResourceType kBroker = ConfigResourceType::kBroker;

TEST_F(AlterConfigsTest, ASettingOfTheBrokerIsTheDefaultOfItsTopicsAtOnceAndAfterARestart) {
  create_topic("follows", 2);
  create_topic("has-its-own", 1, {{.name = "max.message.bytes", .value = "100000"}});
  const std::string value(2000, 'v');
  EXPECT_EQ(alter("", {set("message.max.bytes", "1000")}, false, kBroker), kDone);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(append("follows", value, 1).error, KafkaError::kMessageTooLarge);
    EXPECT_EQ(append("has-its-own", value).error, KafkaError::kNone);
    restart();
  }
  create_topic("later");
  EXPECT_EQ(append("later", value).error, KafkaError::kMessageTooLarge);
  EXPECT_EQ(alter("1", {set("message.max.bytes", "3000")}, false, kBroker), kDone) << "the broker's own counts first";
  EXPECT_EQ(append("later", value).error, KafkaError::kNone);
  EXPECT_EQ(alter("1", {remove("message.max.bytes")}, false, kBroker), kDone);
  EXPECT_EQ(append("later", value).error, KafkaError::kMessageTooLarge);
  EXPECT_EQ(replace("", {}, false, kBroker), kDone);
  EXPECT_EQ(append("later", value).error, KafkaError::kNone);
}

TEST_F(AlterConfigsTest, WhereTheFileOfTheBrokersSettingsIsLostTheBrokerDoesNotStartWithoutThem) {
  const std::string path = options.data_folder + "/broker-configs.json";
  EXPECT_EQ(alter("", {set("message.max.bytes", "1000")}, false, kBroker), kDone);
  kill();
  ASSERT_TRUE(file_system->rename(path, path + ".away"));
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, testing::HasSubstr("broker-configs.json is missing: restore it from a copy"));
  ASSERT_TRUE(file_system->rename(path + ".away", path));
  open();
  EXPECT_EQ(broker().configs().value_of("message.max.bytes"), "1000");
}

TEST_F(AlterConfigsTest, AFileOfTheBrokersSettingsThatAnEarlierVersionWroteIsNoted) {
  open();
  ASSERT_TRUE(file_system->replace_file(options.data_folder + "/broker-configs.json",
                                        R"({"version":1,"cluster":{"message.max.bytes":"1000"}})"));
  restart();
  EXPECT_EQ(broker().configs().value_of("message.max.bytes"), "1000");
  kill();
  ASSERT_TRUE(file_system->remove_file(options.data_folder + "/broker-configs.json"));
  EXPECT_FALSE(try_open());
}

TEST_F(AlterConfigsTest, WhatTheBrokerCannotChangeIsRefusedAsAWhole) {
  const struct {
    const char* broker;
    std::vector<Change> changes;
    KafkaError error;
    const char* message;
  } cases[] = {
      {"1",
       {set("log.retention.ms", "5"), set("num.partitions", "7"), set("log.dirs", "/")},
       KafkaError::kInvalidRequest,
       "Cannot update these configs dynamically: log.dirs, num.partitions"},
      {"", {set("no.such", "7")}, KafkaError::kInvalidConfig, "Unknown broker config no.such."},
      {"",
       {set("log.retention.ms", "soon")},
       KafkaError::kInvalidConfig,
       "Invalid value soon for configuration log.retention.ms: log.retention.ms is 'soon': it takes a whole number of "
       "milliseconds"},
      {"2", {}, KafkaError::kInvalidRequest, "Unexpected broker id, expected 1 or empty string, but received 2"},
      {"",
       {set("log.cleaner.min.compaction.lag.ms", "6"), set("log.cleaner.max.compaction.lag.ms", "5")},
       KafkaError::kInvalidConfig,
       "min.compaction.lag.ms (6) is larger than max.compaction.lag.ms (5)."},
      {"",
       {append_to("log.retention.ms", "6")},
       KafkaError::kInvalidConfig,
       "Can't APPEND to key log.retention.ms because its type is not LIST."},
  };
  for (const auto& c : cases) {
    for (const bool validate_only : {true, false}) {
      EXPECT_EQ(alter(c.broker, c.changes, validate_only, kBroker), Outcome(c.error, c.message));
    }
  }
  EXPECT_EQ(alter("", {set("log.retention.ms", "5")}, true, kBroker), kDone);
  EXPECT_THAT(broker().configs().at(BrokerConfigs::Level::kCluster), IsEmpty());
  EXPECT_THAT(broker().configs().at(BrokerConfigs::Level::kBroker), IsEmpty());
}

TEST_F(AlterConfigsTest, TheIntervalOfUpkeepIsOneAndFollows) {
  EXPECT_EQ(alter("1", {set("log.cleaner.backoff.ms", "7000")}, false, kBroker), kDone);
  EXPECT_EQ(broker().configs().value_of("log.cleaner.backoff.ms"), "7000");
  EXPECT_EQ(broker().configs().value_of("log.retention.check.interval.ms"), "7000");
}

TEST_F(AlterConfigsTest, ListsOfTheBrokerGrowFromTheirDefault) {
  create_topic("t");
  EXPECT_EQ(alter("", {append_to("log.cleanup.policy", "compact")}, false, kBroker), kDone);
  EXPECT_THAT(broker().configs().at(BrokerConfigs::Level::kCluster),
              ElementsAre(Pair("log.cleanup.policy", "delete,compact")));
  EXPECT_EQ(alter("t", {subtract_from("cleanup.policy", "delete")}), kDone);
  EXPECT_EQ(configs("t").at("cleanup.policy"), "compact") << "the broker's default is where an unset list starts";
}

TEST_F(AlterConfigsTest, ATopicMustFitTheBrokersDefaults) {
  create_topic("t");
  EXPECT_EQ(alter("", {set("log.cleaner.max.compaction.lag.ms", "5")}, false, kBroker), kDone);
  EXPECT_EQ(alter("t", {set("min.compaction.lag.ms", "6")}),
            Outcome(KafkaError::kInvalidConfig, "min.compaction.lag.ms (6) is larger than max.compaction.lag.ms (5)."));
}

TEST_F(AlterConfigsTest, AResourceThatIsNamedTwiceIsRefusedAndTheOthersChange) {
  create_topic("twice");
  create_topic("once");
  const auto resource = [](std::string_view topic) {
    return IncrementalAlterConfigsRequest::Resource{
        .resource_type = ConfigResourceType::kTopic, .resource_name = topic, .configs = {set("segment.ms", "7")}};
  };
  const auto altered =
      call(IncrementalAlterConfigsRequest{.resources = {resource("twice"), resource("once"), resource("twice")}});
  EXPECT_EQ(altered->responses.at(0).error_code, KafkaError::kInvalidRequest);
  EXPECT_EQ(altered->responses.at(1).error_code, KafkaError::kNone);
  EXPECT_EQ(altered->responses.at(2).error_message, "Each resource must appear at most once.");
  EXPECT_THAT(configs("twice"), IsEmpty());
  EXPECT_THAT(configs("once"), ElementsAre(Pair("segment.ms", "7")));
}

TEST_F(AlterConfigsTest, WhereTheDiskFailsTheConfigsStay) {
  create_topic("t");
  make_topic_file_unwritable();
  EXPECT_EQ(alter("t", {set("max.message.bytes", "10")}).first, KafkaError::kKafkaStorageError);
  EXPECT_THAT(configs("t"), IsEmpty());
  EXPECT_EQ(append("t", "not too long").error, KafkaError::kNone);
}

}  // namespace
}  // namespace omashu::broker
