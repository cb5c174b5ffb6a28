#include "inspect/cluster_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/core.h>

namespace omashu::inspect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Settings = std::map<std::string, std::string>;

TopicReport topic(const std::string& name, int replication_factor, int partitions, const Settings& settings = {}) {
  TopicReport report;
  report.description.name = name;
  report.description.partitions = partitions;
  report.description.replication_factor = replication_factor;
  for (int i = 0; i < partitions; ++i) {
    std::vector<int32_t> replicas;
    for (int r = 0; r < replication_factor; ++r) replicas.push_back(1 + (i + r) % 3);
    report.description.partition_descriptions.push_back(
        {.id = kafka::PartitionId{i}, .leader = replicas.front(), .replicas = replicas, .in_sync_replicas = replicas});
  }
  for (const auto& [setting, value] : settings) {
    report.configs[setting] = {.value = value, .source = kafka::ConfigSource::kTopic};
  }
  return report;
}

ClusterFacts facts_of(std::vector<TopicReport> topics, int brokers = 3) {
  ClusterFacts facts;
  for (int id = 1; id <= brokers; ++id) facts.cluster.brokers.push_back({.id = id, .host = "127.0.0.1"});
  facts.topics = std::move(topics);
  return facts;
}

// "SEVERITY RULE TOPIC-OR-GROUP"
std::vector<std::string> findings_of(const ClusterFacts& facts) {
  std::vector<std::string> texts;
  for (const CheckFinding& finding : check_cluster(facts)) {
    texts.push_back(fmt::format("{} {} {}{}", provision::severity_name(finding.severity), finding.rule->name,
                                finding.topic, finding.group));
  }
  return texts;
}

TEST(ClusterCheck, FindsNothingInASoundCluster) {
  EXPECT_THAT(findings_of(facts_of({topic("a", 3, 6, {{"min.insync.replicas", "2"}, {"cleanup.policy", "compact"}})})),
              IsEmpty());
}

TEST(ClusterCheck, AReplicaAloneOnThreeBrokersIsAnError) {
  EXPECT_THAT(findings_of(facts_of({topic("a", 1, 3), topic("b", 2, 3)})),
              ElementsAre("error replication a", "warning replication b"));
}

TEST(ClusterCheck, OneBrokerHasNothingToReplicateTo) {
  EXPECT_THAT(findings_of(facts_of({topic("a", 1, 3, {{"min.insync.replicas", "1"}})}, 1)), IsEmpty());
}

TEST(ClusterCheck, MinInsyncReplicasLeaveRoomForOneBroker) {
  EXPECT_THAT(findings_of(facts_of({topic("a", 3, 3, {{"min.insync.replicas", "1"}}),
                                    topic("b", 3, 3, {{"min.insync.replicas", "3"}}),
                                    topic("c", 3, 3, {{"min.insync.replicas", "4"}})})),
              ElementsAre("warning min-insync a", "warning min-insync b", "error min-insync c"));
}

TEST(ClusterCheck, UncleanElectionsLoseRecords) {
  EXPECT_THAT(findings_of(facts_of({topic("a", 3, 3, {{"unclean.leader.election.enable", "true"}})})),
              ElementsAre("error unclean-election a"));
}

TEST(ClusterCheck, RetentionOfCompactedTopicsIsTold) {
  EXPECT_THAT(findings_of(facts_of({topic("a", 3, 3, {{"cleanup.policy", "compact"}, {"retention.ms", "1000"}}),
                                    topic("b", 3, 3, {{"cleanup.policy", "compact,delete"}}),
                                    topic("c", 3, 3, {{"cleanup.policy", "delete"}, {"retention.ms", "1000"}})})),
              ElementsAre("info compacted-retention a", "warning table-delete b"));
}

TEST(ClusterCheck, RetentionThatTheBrokersSetIsNobodysMistake) {
  TopicReport report = topic("a", 3, 3, {{"cleanup.policy", "compact"}});
  report.configs["retention.ms"] = {.value = "1000", .source = kafka::ConfigSource::kStaticBroker};
  EXPECT_THAT(findings_of(facts_of({report})), IsEmpty());
}

TEST(ClusterCheck, APartitionWithMostOfTheRecordsIsHot) {
  TopicReport report = topic("a", 3, 3);
  report.offsets[kafka::PartitionId{0}] = {.begin = kafka::Offset{0}, .end = kafka::Offset{2'000}};
  report.offsets[kafka::PartitionId{1}] = {.begin = kafka::Offset{5'000}, .end = kafka::Offset{15'000}};
  report.offsets[kafka::PartitionId{2}] = {.begin = kafka::Offset{0}, .end = kafka::Offset{2'000}};
  const auto findings = check_cluster(facts_of({report}));
  ASSERT_THAT(findings_of(facts_of({report})), ElementsAre("warning hot-partition a"));
  EXPECT_THAT(findings[0].message,
              HasSubstr("partition 1 has 71 % of the topic (10000 offsets), the other 2 2000 each"));
  report.offsets[kafka::PartitionId{1}] = {.begin = kafka::Offset{9'100}, .end = kafka::Offset{15'000}};
  EXPECT_THAT(findings_of(facts_of({report})), IsEmpty()) << "a small topic says nothing";
}

TEST(ClusterCheck, APartitionWithMostOfTheBytesIsHot) {
  TopicReport report = topic("a", 3, 2);
  report.sizes[kafka::PartitionId{0}] = {.bytes = 30 << 20};
  report.sizes[kafka::PartitionId{1}] = {.bytes = 1 << 20};
  EXPECT_THAT(findings_of(facts_of({report})), ElementsAre("warning hot-partition a"));
  report.sizes[kafka::PartitionId{1}] = {.bytes = 20 << 20};
  EXPECT_THAT(findings_of(facts_of({report})), IsEmpty());
}

TEST(ClusterCheck, PartitionsWithoutLeadersAndReplicasThatAreBehind) {
  TopicReport report = topic("a", 3, 3);
  report.description.leaderless_partitions = 1;
  report.description.partition_descriptions[0].leader.reset();
  report.description.partition_descriptions[0].in_sync_replicas.clear();
  report.description.partition_descriptions[1].in_sync_replicas.pop_back();
  EXPECT_THAT(findings_of(facts_of({report})), ElementsAre("error no-leader a", "warning out-of-sync a"));
}

kafka::GroupMember member(std::vector<kafka::TopicPartition> assignment) {
  kafka::GroupMember member;
  member.assignment = std::move(assignment);
  return member;
}

TEST(ClusterCheck, MembersWithoutAPartitionAreIdle) {
  ClusterFacts facts = facts_of({});
  facts.groups.push_back({.id = "g",
                          .state = "Stable",
                          .protocol_type = "consumer",
                          .members = {member({{"a", kafka::PartitionId{0}}}), member({}), member({})}});
  EXPECT_THAT(findings_of(facts), ElementsAre("warning idle-members g"));
  EXPECT_THAT(check_cluster(facts)[0].message, HasSubstr("2 of 3 members have no partition of a with 1 partition"));
  facts.groups[0].state = "PreparingRebalance";
  EXPECT_THAT(findings_of(facts), IsEmpty());
}

TEST(ClusterCheck, GroupsThatElectAreLeftAlone) {
  ClusterFacts facts = facts_of({});
  facts.groups.push_back({.id = "schema-registry",
                          .state = "Stable",
                          .protocol_type = "consumer",
                          .members = {member({{"_schemas", kafka::PartitionId{0}}}), member({})}});
  EXPECT_THAT(findings_of(facts), IsEmpty());
}

TEST(ClusterCheck, ABrokerThatLeadsMostPartitionsIsTold) {
  TopicReport report = topic("a", 3, 12);
  EXPECT_THAT(findings_of(facts_of({report})), IsEmpty());
  for (auto& partition : report.description.partition_descriptions) partition.leader = 2;
  EXPECT_THAT(findings_of(facts_of({report})), ElementsAre("warning uneven-leaders "));
}

TEST(ClusterCheck, EveryRuleHasAReason) {
  for (const CheckRule& rule : check_rules()) EXPECT_GT(rule.reason.size(), 40U) << rule.name;
}

}  // namespace
}  // namespace omashu::inspect
