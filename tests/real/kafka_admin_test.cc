// kafka::Admin on a real Kafka: what it makes, changes and refuses.

#include "kafka/admin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "real/support/eventually.h"
#include "real/support/run_command.h"
#include "real/support/shared_servers.h"

namespace omashu::real {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::StartsWith;

class KafkaAdminTest : public ::testing::Test {
 protected:
  KafkaAdminTest() {
    kafka::ClientConfig config;
    config.set("bootstrap.servers", shared_kafka().bootstrap_server());
    auto opened = kafka::Admin::open(config, seconds(60));
    EXPECT_TRUE(opened) << opened.error().message;
    admin_ = std::move(*opened);
  }

  // Where it is made, it can be seen.
  Result<void> create(const kafka::NewTopic& topic, bool validate_only = false) {
    auto made = admin_->create_topics(std::span(&topic, 1), validate_only).at(0);
    if (!made || validate_only) return made;
    return admin_->wait_until_ready(std::span(&topic.name, 1), seconds(60));
  }
  Result<void> widen(const std::string& topic, int total, bool validate_only = false) {
    const kafka::Admin::NewPartitions wanted{topic, total};
    return admin_->create_partitions(std::span(&wanted, 1), validate_only).at(0);
  }
  Result<void> alter(const kafka::ConfigChange& change, bool validate_only = false) {
    return admin_->alter_configs(std::span(&change, 1), validate_only).at(0);
  }
  Result<kafka::TopicDescription> describe(const std::string& topic) {
    return admin_->describe_topics(std::span(&topic, 1)).at(0);
  }
  Result<kafka::TopicConfigs> configs(const std::string& topic) {
    return admin_->describe_configs(std::span(&topic, 1)).at(0);
  }

  std::unique_ptr<kafka::Admin> admin_;
};

void expect_error(const Result<void>& result, ErrorCode code, const std::string& words) {
  ASSERT_FALSE(result) << words;
  EXPECT_EQ(result.error().code, code) << result.error().message;
  EXPECT_THAT(result.error().message, HasSubstr(words));
}

TEST_F(KafkaAdminTest, DescribesTheCluster) {
  const auto cluster = admin_->describe_cluster();
  ASSERT_TRUE(cluster) << cluster.error().message;
  EXPECT_FALSE(cluster->cluster_id.empty());
  ASSERT_EQ(cluster->brokers.size(), 1u);
  EXPECT_EQ(cluster->brokers[0].host + ":" + std::to_string(cluster->brokers[0].port),
            shared_kafka().bootstrap_server());
}

TEST_F(KafkaAdminTest, TellsTheFoldersOfABrokerAndWhatPartitionsTakeInThem) {
  const std::string topic = unique_name("log-dirs");
  ASSERT_TRUE(create({.name = topic, .partitions = 2}));
  const int32_t broker = admin_->describe_cluster()->brokers.at(0).id;
  const std::vector<kafka::TopicPartition> asked = {{topic, 1}, {topic, 7}, {"no-such-topic", 0}};
  const auto told = admin_->describe_log_dirs(std::span(&broker, 1), asked).at(0);
  ASSERT_TRUE(told) << told.error().message;
  ASSERT_EQ(told->size(), 1u);
  EXPECT_FALSE(told->front().path.empty());
  EXPECT_GT(told->front().total_bytes, told->front().usable_bytes);
  EXPECT_THAT(told->front().replica_bytes, ElementsAre(Pair(kafka::TopicPartition{topic, 1}, 0)));
}

TEST_F(KafkaAdminTest, MakesATopicThatIsThenReadyAndListed) {
  const std::string topic = unique_name("made");
  const auto made = create({.name = topic, .partitions = 3, .configs = {{"cleanup.policy", "compact"}}});
  ASSERT_TRUE(made) << made.error().message;
  const auto described = describe(topic);
  ASSERT_TRUE(described) << described.error().message;
  EXPECT_EQ(described->partitions, 3);
  EXPECT_EQ(described->replication_factor, 1);
  EXPECT_EQ(described->leaderless_partitions, 0);
  const auto all = admin_->list_topics();
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_THAT(*all, Contains(Field(&kafka::TopicDescription::name, topic)));

  const auto settings = configs(topic);
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->at("cleanup.policy").value, "compact");
  EXPECT_FALSE(settings->at("cleanup.policy").is_default);
  EXPECT_TRUE(settings->at("retention.ms").is_default);

  const CommandResult seen =
      shared_kafka().tool("org.apache.kafka.tools.TopicCommand", {"--describe", "--topic", topic});
  EXPECT_THAT(seen.out, HasSubstr("PartitionCount: 3"));
  EXPECT_THAT(seen.out, HasSubstr("cleanup.policy=compact"));
}

TEST_F(KafkaAdminTest, ValidatingMakesNothing) {
  const std::string topic = unique_name("validated");
  const auto valid = create({.name = topic}, true);
  EXPECT_TRUE(valid) << valid.error().message;
  EXPECT_EQ(describe(topic).error().code, ErrorCode::kNotFound);
  expect_error(create({.name = topic, .replication_factor = 3}, true), ErrorCode::kInvalidArgument,
               "INVALID_REPLICATION_FACTOR: ");
}

TEST_F(KafkaAdminTest, RefusesWithTheBrokersWords) {
  const std::string topic = unique_name("refused");
  ASSERT_TRUE(create({.name = topic, .partitions = 5}));
  expect_error(create({.name = topic, .partitions = 5}), ErrorCode::kAlreadyExists, "TOPIC_ALREADY_EXISTS: ");
  expect_error(create({.name = topic + "1", .configs = {{"cleanup.policy", "nonsense"}}}), ErrorCode::kInvalidArgument,
               "INVALID_CONFIG: Invalid value nonsense for configuration cleanup.policy: String must be one of: ");
  expect_error(create({.name = topic + "2", .configs = {{"no.such.key", "1"}}}), ErrorCode::kInvalidArgument,
               "INVALID_CONFIG: Unknown topic config name: no.such.key");
  expect_error(create({.name = topic + "3", .replication_factor = 3}), ErrorCode::kInvalidArgument,
               "INVALID_REPLICATION_FACTOR: ");
  expect_error(create({.name = "not a name"}), ErrorCode::kInvalidArgument, "TOPIC_EXCEPTION: ");
  expect_error(create({.name = ""}), ErrorCode::kInvalidArgument, "TOPIC_EXCEPTION: ");
  expect_error(create({.name = topic + "4", .partitions = 0}), ErrorCode::kInvalidArgument, "partitions");
  expect_error(widen(topic, 3), ErrorCode::kInvalidArgument,
               "INVALID_PARTITIONS: The topic " + topic + " currently has 5 partition(s); 3 would not be an increase.");
  expect_error(widen(unique_name("missing"), 3), ErrorCode::kNotFound, "UNKNOWN_TOPIC_OR_PARTITION: ");
  expect_error(alter({.topic = topic, .set = {{"retention.ms", "soon"}}}), ErrorCode::kInvalidArgument,
               "INVALID_CONFIG: ");
  EXPECT_EQ(configs(unique_name("missing")).error().code, ErrorCode::kNotFound);
  const std::string missing = unique_name("missing");
  expect_error(admin_->delete_topics(std::span(&missing, 1)).at(0), ErrorCode::kNotFound,
               "UNKNOWN_TOPIC_OR_PARTITION: ");
}

TEST_F(KafkaAdminTest, AnswersEachQuestionOfABatchInItsOrder) {
  const std::string good = unique_name("good"), also_good = unique_name("good");
  const std::vector<kafka::NewTopic> topics = {
      {.name = also_good}, {.name = "not a name"}, {.name = good, .configs = {{"retention.ms", "1000"}}}};
  const auto made = admin_->create_topics(topics, false);
  ASSERT_EQ(made.size(), 3u);
  EXPECT_TRUE(made[0]);
  EXPECT_FALSE(made[1]);
  EXPECT_TRUE(made[2]);
  const std::vector<std::string> made_names = {good, also_good};
  ASSERT_TRUE(admin_->wait_until_ready(made_names, seconds(60)));
  const std::vector<std::string> names = {good, unique_name("missing"), also_good, good};
  const auto settings = admin_->describe_configs(names);
  ASSERT_EQ(settings.size(), 4u);
  EXPECT_EQ(settings[0]->at("retention.ms").value, "1000");
  EXPECT_EQ(settings[1].error().code, ErrorCode::kNotFound);
  EXPECT_NE(settings[2]->at("retention.ms").value, "1000");
  EXPECT_EQ(settings[3]->at("retention.ms").value, "1000");
  const auto described = admin_->describe_topics(names);
  EXPECT_EQ(described[1].error().message, "there is no topic " + names[1]);
  EXPECT_EQ(described[3]->name, good);
}

TEST_F(KafkaAdminTest, ChangesOnlyTheSettingsThatAreNamed) {
  const std::string topic = unique_name("altered");
  ASSERT_TRUE(create({.name = topic, .configs = {{"cleanup.policy", "compact"}, {"retention.ms", "1000"}}}));
  const kafka::ConfigChange change{.topic = topic,
                                   .set = {{"retention.ms", std::nullopt}, {"min.cleanable.dirty.ratio", "0.1"}}};
  const auto valid = alter(change, true);
  EXPECT_TRUE(valid) << valid.error().message;
  EXPECT_EQ(configs(topic)->at("retention.ms").value, "1000");
  const auto altered = alter(change);
  ASSERT_TRUE(altered) << altered.error().message;
  EXPECT_TRUE(eventually([&] { return configs(topic)->at("min.cleanable.dirty.ratio").value == "0.1"; }));
  const auto settings = configs(topic);
  EXPECT_EQ(settings->at("cleanup.policy").value, "compact");
  EXPECT_TRUE(settings->at("retention.ms").is_default);
  EXPECT_TRUE(alter({.topic = topic, .set = {}})) << "nothing to change";
}

TEST_F(KafkaAdminTest, WidensAndDeletes) {
  const std::string topic = unique_name("widened");
  ASSERT_TRUE(create({.name = topic, .partitions = 2}));
  EXPECT_TRUE(widen(topic, 4, true));
  EXPECT_EQ(describe(topic)->partitions, 2);
  ASSERT_TRUE(widen(topic, 4));
  EXPECT_TRUE(eventually([&] { return describe(topic)->partitions == 4; }));
  const auto deleted = admin_->delete_topics(std::span(&topic, 1)).at(0);
  ASSERT_TRUE(deleted) << deleted.error().message;
  EXPECT_TRUE(eventually([&] {
    const auto described = describe(topic);
    return !described && described.error().code == ErrorCode::kNotFound;
  }));
}

TEST_F(KafkaAdminTest, NotReadyIsSaidWithTheReason) {
  const std::string missing = unique_name("missing");
  const auto ready = admin_->wait_until_ready(std::span(&missing, 1), milliseconds(300));
  expect_error(ready, ErrorCode::kTimeout, "1 of 1 topics were not ready within 0.3 s, " + missing);
}

TEST_F(KafkaAdminTest, SplitsWhatOneRequestCannotCarry) {
  // 4 × 2,600 records are more than the 10,000 that Kafka takes at once; nothing is made.
  std::vector<kafka::NewTopic> topics;
  for (int i = 0; i < 4; ++i) topics.push_back({.name = unique_name("wide"), .partitions = 2'600});
  for (const auto& made : admin_->create_topics(topics, true)) EXPECT_TRUE(made) << made.error().message;
  const kafka::NewTopic too_wide{.name = unique_name("wide"), .partitions = 20'000};
  EXPECT_FALSE(create(too_wide, true));
}

TEST_F(KafkaAdminTest, AHundredTopicsAtOnce) {
  std::vector<kafka::NewTopic> topics;
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) {
    names.push_back(unique_name("many"));
    topics.push_back({.name = names.back(), .configs = {{"cleanup.policy", "compact"}}});
  }
  for (const auto& made : admin_->create_topics(topics, false)) ASSERT_TRUE(made) << made.error().message;
  const auto ready = admin_->wait_until_ready(names, seconds(60));
  ASSERT_TRUE(ready) << ready.error().message;
  for (const auto& settings : admin_->describe_configs(names)) {
    ASSERT_TRUE(settings) << settings.error().message;
    EXPECT_EQ(settings->at("cleanup.policy").value, "compact");
  }
  for (const auto& deleted : admin_->delete_topics(names)) EXPECT_TRUE(deleted) << deleted.error().message;
}

}  // namespace
}  // namespace omashu::real
