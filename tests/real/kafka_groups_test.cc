// kafka::GroupAdmin on a real Kafka: groups with and without members, their offsets, and those of partitions.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kafka/admin.h"
#include "kafka/consumer.h"
#include "kafka/group_admin.h"
#include "kafka/producer.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using kafka::TopicPartition;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

kafka::ClientConfig shared_config() {
  kafka::ClientConfig config;
  config.set("bootstrap.servers", shared_kafka().bootstrap_server());
  config.set("client.id", "groups-test");
  return config;
}

std::unique_ptr<kafka::GroupAdmin> open_groups() {
  auto opened = kafka::GroupAdmin::open(shared_config(), seconds(60));
  EXPECT_TRUE(opened) << opened.error().message;
  return std::move(*opened);
}

// A topic of two partitions with three records in the first, at 1000, 3000 and 2000 ms. It is compacted, so that none
// is deleted for its age.
std::string topic_with_records() {
  const std::string topic = make_topic({.name = unique_name("groups"), .partitions = 2});
  auto producer = kafka::Producer::open(shared_config());
  EXPECT_TRUE(producer);
  for (const int64_t timestamp : {1000, 3000, 2000}) {
    auto sent = (*producer)->send({.topic = topic,
                                   .partition = 0,
                                   .key = std::to_string(timestamp),
                                   .value = "v",
                                   .headers = {},
                                   .timestamp_ms = timestamp},
                                  [](const Result<kafka::RecordMetadata>& written) { EXPECT_TRUE(written); });
    EXPECT_TRUE(sent);
  }
  EXPECT_TRUE((*producer)->flush(seconds(60)));
  return topic;
}

// A consumer that is a member with partitions.
std::unique_ptr<kafka::Consumer> join(const std::string& group, const std::string& topic) {
  kafka::ClientConfig config = shared_config();
  config.set("group.id", group);
  config.set("partition.assignment.strategy", "range");
  auto consumer = kafka::Consumer::open(config);
  EXPECT_TRUE(consumer);
  bool is_assigned = false;
  const std::vector<std::string> topics = {topic};
  EXPECT_TRUE((*consumer)->subscribe(topics, {.on_assigned = [&](auto) { is_assigned = true; }}));
  const auto deadline = std::chrono::steady_clock::now() + seconds(60);
  while (!is_assigned && std::chrono::steady_clock::now() < deadline) EXPECT_TRUE((*consumer)->poll(seconds(1)));
  EXPECT_TRUE(is_assigned);
  return std::move(*consumer);
}

TEST(KafkaGroupsTest, AGroupIsDescribedWithItsMembersAndTheirPartitions) {
  const std::string topic = topic_with_records();
  const std::string group = unique_name("readers");
  const auto consumer = join(group, topic);
  const auto groups = open_groups();
  const std::vector<std::string> names = {group, unique_name("missing"), group};
  const auto described = groups->describe_groups(names);
  ASSERT_TRUE(described[0]) << described[0].error().message;
  EXPECT_EQ(described[0]->state, "Stable");
  EXPECT_EQ(described[0]->protocol_type, "consumer");
  EXPECT_EQ(described[0]->type, "Classic");
  EXPECT_EQ(described[0]->assignor, "range");
  EXPECT_GE(described[0]->coordinator, 0);
  ASSERT_THAT(described[0]->members, SizeIs(1));
  EXPECT_EQ(described[0]->members[0].client_id, "groups-test");
  EXPECT_THAT(described[0]->members[0].host, HasSubstr("127.0.0.1"));
  EXPECT_THAT(described[0]->members[0].assignment, ElementsAre(TopicPartition{topic, 0}, TopicPartition{topic, 1}));
  EXPECT_EQ(described[1].error().code, ErrorCode::kNotFound);
  EXPECT_EQ(described[1].error().message, "there is no group " + names[1]);
  EXPECT_TRUE(described[2]);

  const auto all = groups->list_groups();
  ASSERT_TRUE(all) << all.error().message;
  const auto listed = std::ranges::find(*all, group, &kafka::GroupDescription::id);
  ASSERT_NE(listed, all->end());
  EXPECT_EQ(listed->state, "Stable");
  EXPECT_THAT(listed->members, SizeIs(1));
}

TEST(KafkaGroupsTest, OffsetsAreCommittedForAGroupWithoutMembersOnly) {
  const std::string topic = topic_with_records();
  const std::string group = unique_name("reset");
  const auto groups = open_groups();
  const auto altered = groups->alter_committed_offsets(group, {{{topic, 0}, 2}, {{topic, 1}, 0}, {{topic, 9}, 0}});
  ASSERT_TRUE(altered) << altered.error().message;
  EXPECT_TRUE(altered->at({topic, 0}));
  EXPECT_EQ(altered->at({topic, 9}).error().code, ErrorCode::kNotFound);
  const std::vector<std::string> names = {group, unique_name("nobody")};
  const auto committed = groups->committed_offsets(names);
  ASSERT_TRUE(committed[0]) << committed[0].error().message;
  EXPECT_EQ(*committed[0], (std::map<TopicPartition, kafka::Offset>{{{topic, 0}, 2}, {{topic, 1}, 0}}));
  EXPECT_THAT(committed[1].value(), IsEmpty());
  EXPECT_EQ(groups->describe_groups(std::span(&group, 1))[0]->state, "Empty");

  const auto consumer = join(group, topic);
  const auto refused = groups->alter_committed_offsets(group, {{{topic, 0}, 0}});
  const ErrorCode code = refused ? refused->at({topic, 0}).error().code : refused.error().code;
  EXPECT_EQ(code, ErrorCode::kConflict);
  EXPECT_EQ(groups->delete_groups(std::span(&group, 1))[0].error().code, ErrorCode::kConflict);
  EXPECT_TRUE(consumer->close());
  const auto deleted = groups->delete_groups(names);
  EXPECT_TRUE(deleted[0]) << deleted[0].error().message;
  EXPECT_EQ(deleted[1].error().code, ErrorCode::kNotFound) << deleted[1].error().message;
  EXPECT_EQ(groups->describe_groups(std::span(&group, 1))[0].error().code, ErrorCode::kNotFound);
}

TEST(KafkaGroupsTest, ListsOffsetsByTimeAndOfTheNewestRecord) {
  const std::string topic = topic_with_records();
  const auto groups = open_groups();
  const TopicPartition full{topic, 0}, empty{topic, 1};
  const auto begin = groups->list_offsets({{full, kafka::kEarliestTimestamp}, {empty, kafka::kLatestTimestamp}});
  EXPECT_EQ(begin.at(full)->offset, 0);
  EXPECT_EQ(begin.at(empty)->offset, 0);
  const auto newest = groups->list_offsets({{full, kafka::kMaxTimestamp}, {empty, kafka::kMaxTimestamp}});
  ASSERT_TRUE(newest.at(full)) << newest.at(full).error().message;
  EXPECT_EQ(newest.at(full)->offset, 1);
  EXPECT_EQ(newest.at(full)->timestamp_ms, 3000);
  EXPECT_EQ(newest.at(empty)->offset, -1);
  const TopicPartition missing{unique_name("missing"), 0};
  const auto later = groups->list_offsets({{full, 1500}, {empty, 1500}, {{topic, 7}, 1500}, {missing, 1500}});
  EXPECT_EQ(later.at(full)->offset, 1);
  EXPECT_EQ(later.at(empty)->offset, -1);
  EXPECT_EQ(later.at({topic, 7}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(later.at(missing).error().code, ErrorCode::kNotFound);
}

TEST(KafkaGroupsTest, TopicsTellTheLeadersOfTheirPartitionsAndWhereSettingsComeFrom) {
  const std::string topic = make_topic({.name = unique_name("leaders"), .partitions = 3});
  auto admin = kafka::Admin::open(shared_config(), seconds(60));
  ASSERT_TRUE(admin);
  const auto described = (*admin)->describe_topics(std::span(&topic, 1)).at(0);
  ASSERT_TRUE(described) << described.error().message;
  ASSERT_THAT(described->partition_descriptions, SizeIs(3));
  for (const kafka::PartitionDescription& partition : described->partition_descriptions) {
    EXPECT_TRUE(partition.leader);
    EXPECT_THAT(partition.replicas, ElementsAre(*partition.leader));
    EXPECT_THAT(partition.in_sync_replicas, ElementsAre(*partition.leader));
  }
  const auto configs = (*admin)->describe_configs(std::span(&topic, 1)).at(0);
  ASSERT_TRUE(configs) << configs.error().message;
  EXPECT_EQ(configs->at("cleanup.policy").source, kafka::ConfigSource::kTopic);
  EXPECT_EQ(configs->at("retention.ms").source, kafka::ConfigSource::kDefault);
  const std::vector<std::string> names = {"retention.ms"};
  const auto named = (*admin)->describe_configs(std::span(&topic, 1), names).at(0);
  ASSERT_TRUE(named) << named.error().message;
  EXPECT_THAT(*named, SizeIs(1));
  EXPECT_EQ(named->at("retention.ms").value, "604800000");
}

}  // namespace
}  // namespace omashu::real
