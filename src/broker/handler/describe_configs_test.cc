#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/topic_configs.h"
#include "broker/config/broker_settings.h"
#include "broker/handler/broker_options.h"
#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/32_describe_configs.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Config = DescribeConfigsResponse::Config;

class DescribeConfigsTest : public BrokerFixture {
 public:
  DescribeConfigsResponse::Result describe(ConfigResourceType type, std::string_view name,
                                           std::optional<std::vector<std::string_view>> keys = std::nullopt,
                                           bool include_synonyms = true, int16_t version = 4) {
    const auto described = call(
        DescribeConfigsRequest{
            .resources = {{.resource_type = type, .resource_name = name, .configuration_keys = std::move(keys)}},
            .include_synonyms = include_synonyms},
        version);
    EXPECT_EQ(described->results.size(), 1u);
    EXPECT_EQ(described->results.at(0).resource_type, type);
    EXPECT_EQ(described->results[0].resource_name, name);
    return described->results[0];
  }
  Config topic_config(std::string_view topic, std::string_view name, int16_t version = 4) {
    return describe(ConfigResourceType::kTopic, topic, {{name}}, true, version).configs.at(0);
  }

  static std::vector<std::string> names_of(const std::vector<Config>& configs) {
    std::vector<std::string> names;
    for (const Config& config : configs) names.push_back(config.name);
    return names;
  }
};

TEST_F(DescribeConfigsTest, ATopicHasEveryConfigThatCanBeSet) {
  create_topic("t");
  std::vector<std::string> names;
  for (const TopicConfigDefinition& definition : topic_config_definitions()) {
    if (definition.default_value) names.emplace_back(definition.name);
  }
  const auto described = describe(ConfigResourceType::kTopic, "t");
  EXPECT_EQ(described.error_code, KafkaError::kNone);
  EXPECT_EQ(names_of(described.configs), names);
  for (const Config& config : described.configs) {
    EXPECT_EQ(config.value, find_topic_setting(config.name)->default_value());
    EXPECT_FALSE(config.read_only);
    EXPECT_FALSE(config.is_sensitive);
    EXPECT_NE(config.config_type, ConfigType::kUnknown);
    EXPECT_EQ(config.documentation, std::nullopt);
  }
}

TEST_F(DescribeConfigsTest, EachConfigSaysWhereItComesFromAtEveryVersion) {
  create_topic("t", 1, {{.name = "cleanup.policy", .value = "compact"}});
  for (int16_t version = DescribeConfigsRequest::kApi.versions.min;
       version <= DescribeConfigsRequest::kApi.versions.max; ++version) {
    const Config set = topic_config("t", "cleanup.policy", version);
    EXPECT_EQ(set.value, "compact");
    EXPECT_EQ(set.config_source, ConfigSource::kTopicConfig);
    ASSERT_EQ(set.synonyms.size(), 2u);
    EXPECT_EQ(set.synonyms[0].value, "compact");
    EXPECT_EQ(set.synonyms[0].source, ConfigSource::kTopicConfig);
    EXPECT_EQ(set.synonyms[1].value, "delete");
    EXPECT_EQ(set.synonyms[1].source, ConfigSource::kDefaultConfig);
    EXPECT_EQ(set.config_type, version >= 3 ? ConfigType::kList : ConfigType::kUnknown);

    const Config unset = topic_config("t", "retention.ms", version);
    EXPECT_EQ(unset.value, "604800000");
    EXPECT_EQ(unset.config_source, ConfigSource::kDefaultConfig);
    EXPECT_EQ(unset.synonyms.size(), 1u);
  }
}

TEST_F(DescribeConfigsTest, EachKindHasItsType) {
  create_topic("t");
  EXPECT_EQ(topic_config("t", "max.message.bytes").config_type, ConfigType::kInt);
  EXPECT_EQ(topic_config("t", "retention.ms").config_type, ConfigType::kLong);
  EXPECT_EQ(topic_config("t", "min.cleanable.dirty.ratio").config_type, ConfigType::kDouble);
  EXPECT_EQ(topic_config("t", "preallocate").config_type, ConfigType::kBoolean);
  EXPECT_EQ(topic_config("t", "compression.type").config_type, ConfigType::kString);
  EXPECT_EQ(topic_config("t", "leader.replication.throttled.replicas").config_type, ConfigType::kList);
}

TEST_F(DescribeConfigsTest, OnlyWhatIsAskedForIsAnswered) {
  create_topic("t");
  const auto some = describe(ConfigResourceType::kTopic, "t", {{"segment.ms", "no.such.key", "flush.ms"}}, false);
  EXPECT_THAT(names_of(some.configs), ElementsAre("flush.ms", "segment.ms"));
  EXPECT_THAT(some.configs[0].synonyms, IsEmpty());
  EXPECT_GT(describe(ConfigResourceType::kTopic, "t", std::vector<std::string_view>()).configs.size(), 30u)
      << "the empty list is all, as in Kafka";
}

TEST_F(DescribeConfigsTest, TheSynonymsOfATopicsConfigAreTheBrokersInKafkasOrder) {
  ASSERT_TRUE(set_broker_option(options, "log.retention.hours=2"));
  create_topic("t");
  ASSERT_TRUE(broker().change_configs(BrokerConfigs::Level::kCluster,
                                      [](const ConfigValues&) { return ConfigValues{{"log.retention.ms", "5"}}; }));
  const Config config = topic_config("t", "retention.ms");
  EXPECT_EQ(config.value, "5");
  EXPECT_EQ(config.config_source, ConfigSource::kDynamicDefaultBrokerConfig);
  ASSERT_EQ(config.synonyms.size(), 3u);
  EXPECT_EQ(config.synonyms[1].name, "log.retention.hours");
  EXPECT_EQ(config.synonyms[1].value, "2");
  EXPECT_EQ(config.synonyms[1].source, ConfigSource::kStaticBrokerConfig);
  EXPECT_EQ(config.synonyms[2].value, "168");
}

TEST_F(DescribeConfigsTest, DocumentationComesWhereItIsAskedFor) {
  create_topic("t");
  const auto described =
      call(DescribeConfigsRequest{.resources = {{.resource_type = ConfigResourceType::kTopic,
                                                 .resource_name = "t",
                                                 .configuration_keys = std::vector<std::string_view>{"preallocate"}}},
                                  .include_documentation = true});
  EXPECT_EQ(described->results.at(0).configs.at(0).documentation, find_topic_setting("preallocate")->description);
}

TEST_F(DescribeConfigsTest, OfTheBrokerThereIsWhatToolsAskFor) {
  options.node_id = 7;
  options.default_partitions = 4;
  options.auto_create_topics = false;
  const auto described = describe(ConfigResourceType::kBroker, "7");
  EXPECT_EQ(described.error_code, KafkaError::kNone);
  std::map<std::string, Config> configs;
  for (const Config& config : described.configs) {
    configs[config.name] = config;
    EXPECT_NE(config.config_type, ConfigType::kUnknown);
    EXPECT_EQ(config.read_only, find_broker_setting(config.name)->update_mode == UpdateMode::kReadOnly);
  }
  EXPECT_EQ(configs.at("node.id").value, "7");
  EXPECT_EQ(configs.at("node.id").config_source, ConfigSource::kStaticBrokerConfig);
  EXPECT_EQ(configs.at("broker.id").value, "7");
  EXPECT_EQ(configs.at("num.partitions").value, "4");
  EXPECT_EQ(configs.at("auto.create.topics.enable").value, "false");
  EXPECT_EQ(configs.at("log.dirs").value, options.data_folder);
  EXPECT_EQ(configs.at("message.max.bytes").value, "1048588");
  EXPECT_FALSE(configs.at("message.max.bytes").read_only);
  EXPECT_EQ(configs.at("log.cleaner.backoff.ms").value, "5000");
  EXPECT_EQ(configs.at("log.retention.hours").value, "168");
  EXPECT_EQ(configs.at("log.retention.ms").value, std::nullopt);
  EXPECT_EQ(configs.at("group.initial.rebalance.delay.ms").value, "0");
  EXPECT_THAT(names_of(describe(ConfigResourceType::kBroker, "7", {{"num.partitions"}}).configs),
              ElementsAre("num.partitions"));
  EXPECT_THAT(describe(ConfigResourceType::kBroker, "").configs, IsEmpty());
}

TEST_F(DescribeConfigsTest, WhatCannotBeDescribedIsRefused) {
  const struct {
    ConfigResourceType type;
    const char* name;
    KafkaError error;
    const char* message;
  } cases[] = {
      {ConfigResourceType::kTopic, "none", KafkaError::kUnknownTopicOrPartition, "The topic 'none' does not exist."},
      {ConfigResourceType::kBroker, "2", KafkaError::kInvalidRequest,
       "Unexpected broker id, expected 1 or empty string, but received 2"},
      {ConfigResourceType::kGroup, "g", KafkaError::kInvalidRequest, "Unsupported resource type: 32"},
  };
  for (const auto& c : cases) {
    const auto described = describe(c.type, c.name);
    EXPECT_EQ(described.error_code, c.error) << c.name;
    EXPECT_EQ(described.error_message, c.message);
    EXPECT_THAT(described.configs, IsEmpty());
  }
  EXPECT_EQ(describe(ConfigResourceType::kTopic, "not a name").error_code, KafkaError::kInvalidTopicException);
}

TEST_F(DescribeConfigsTest, AResourceThatIsNamedTwiceIsDescribedOnce) {
  create_topic("t");
  const auto described =
      call(DescribeConfigsRequest{.resources = {{.resource_type = ConfigResourceType::kTopic, .resource_name = "t"},
                                                {.resource_type = ConfigResourceType::kTopic, .resource_name = "u"},
                                                {.resource_type = ConfigResourceType::kTopic, .resource_name = "t"}}});
  ASSERT_EQ(described->results.size(), 2u);
  EXPECT_EQ(described->results[0].resource_name, "t");
  EXPECT_EQ(described->results[1].resource_name, "u");
}

}  // namespace
}  // namespace omashu::broker
