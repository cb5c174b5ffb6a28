// Topics: what is created and changed, and what forbids it.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/diff_text.h"
#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> actions(const Plan& plan) {
  std::vector<std::string> texts;
  for (const Action& action : plan.actions) texts.push_back(action_text(action));
  return texts;
}

ProvisionFixture with_rows(const std::string& rows) { return {.files = {{"f", rows}}}; }

TEST(PlanTopics, ATopicThatIsThereAsWantedIsLeftAlone) {
  ProvisionFixture fixture = with_rows("t 3 1 - 0 delete 1 retention.ms=604800000 min.cleanable.dirty.ratio=0.50\n");
  fixture.admin.topics["t"] = {3, 1, {{"retention.bytes", "5"}}};  // not named in the file
  const Plan plan = fixture.plan();
  EXPECT_THAT(plan.actions, IsEmpty());
  EXPECT_EQ(plan.unchanged_topics, 1u);
}

TEST(PlanTopics, OnlyRowsThatMakeATopicDo) {
  ProvisionFixture fixture = with_rows("t 3 1 - 0 delete 1\nu 3 1 - 0 delete 0\n");
  EXPECT_THAT(actions(fixture.plan()), ElementsAre("create topic t"));
}

TEST(PlanTopics, ChangesPartitionsAndNamedSettings) {
  ProvisionFixture fixture = with_rows("t 6 1 - 0 delete 1 retention.ms=1000 segment.bytes=1048576\n");
  fixture.admin.topics["t"] = {3, 1, {{"retention.ms", "2000"}, {"cleanup.policy", "delete"}}};
  const Plan plan = fixture.plan();
  ASSERT_THAT(actions(plan), ElementsAre("add partitions to topic t", "change settings of topic t"));
  EXPECT_EQ(diff_text(plan, Colours::kOff),
            "~ topic t\n"
            "    ~ partitions: 3 → 6\n"
            "    ~ retention.ms: 2000 (2 seconds) → 1000 (1 second)\n"
            "    ~ segment.bytes: 1073741824 (1 GiB) (default) → 1048576 (1 MiB)\n"
            "0 schemas to register; 0 topics to create, 1 to change; 0 to delete; 0 topics and 0 schemas unchanged\n");
}

TEST(PlanTopics, TheCleanupPolicyCountsAsNamed) {
  ProvisionFixture fixture = with_rows("t 1 1 - 0 compact 1\n");
  fixture.admin.topics["t"] = {1, 1, {}};
  EXPECT_THAT(actions(fixture.plan()), ElementsAre("change settings of topic t"));
  fixture.files["f"] = "t 1 1 - 0 delete,compact 1\n";
  fixture.admin.topics["t"].configs["cleanup.policy"] = "compact,delete";
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
}

TEST(PlanTopics, WhatKafkaCannotDoIsRefusedWithAReason) {
  const std::pair<const char*, const char*> cases[] = {
      {"t 1 1 - 0 delete 1", "f:1:3: topic t has 3 partitions, and Kafka cannot take any away: write 3"},
      {"t 3 2 - 0 delete 1",
       "f:1:5: topic t has replication factor 1, not 2: 1 broker is alive, and each replica needs one of its own"},
      {"new 1 3 - 0 delete 1", "f:1:7: topic new: replication_factor is 3, but 1 broker is alive: it can be at most 1"},
  };
  for (const auto& [row, violation] : cases) {
    ProvisionFixture fixture = with_rows(row);
    fixture.admin.topics["t"] = {3, 1, {}};
    EXPECT_THAT(fixture.violations(), ElementsAre(violation));
    EXPECT_EQ(fixture.admin.writes, 0);
  }
}

TEST(PlanTopics, MorePartitionsForACompactedTopicMustBeAllowed) {
  for (const auto& [policy, held] :
       {std::pair("compact", "compact"), {"compact,delete", "delete"}, {"delete", "compact"}}) {
    ProvisionFixture fixture = with_rows(fmt::format("t 4 1 - 0 {} 1", policy));
    fixture.admin.topics["t"] = {3, 1, {{"cleanup.policy", held}}};
    EXPECT_THAT(
        fixture.violations(),
        ElementsAre("f:1:3: topic t is compacted and has 3 partitions: with 4, new records of a key go to another "
                    "partition than its old ones; `init-kafka move t --partitions 4` copies it by key, "
                    "--allow-repartition does it "
                    "nevertheless"));
    fixture.plan_options.allow_repartition = true;
    EXPECT_THAT(fixture.violations(), IsEmpty());
  }
}

TEST(PlanTopics, WhatTheBrokersRefuseIsPlacedAtItsSetting) {
  ProvisionFixture fixture = with_rows("t 1 1 - 0 delete 1 retention.ms=5 other.key=6\nu 1 1 - 0 delete 1\n");
  fixture.admin.refusals["t"] = {
      ErrorCode::kInvalidArgument, "INVALID_CONFIG: Unknown topic config name: other.key", {}};
  fixture.admin.refusals["u"] = {ErrorCode::kInvalidArgument, "POLICY_VIOLATION: no", {}};
  EXPECT_THAT(fixture.violations(), ElementsAre("f:1:35: topic t: INVALID_CONFIG: Unknown topic config name: other.key",
                                                "f:2:1: topic u: POLICY_VIOLATION: no"));
  EXPECT_EQ(fixture.admin.writes, 0);
}

TEST(PlanTopics, NothingIsDeletedUnlessAskedAndThenWithinThePrefixOnly) {
  ProvisionFixture fixture = with_rows("a.kept 1 1 - 0 delete 1\na.named 1 1 - 0 delete 0\n");
  for (const char* name : {"a.kept", "a.named", "a.old", "b.old", "__consumer_offsets"})
    fixture.admin.topics[name] = {};
  fixture.registry.put("a.old-value", record("A"));
  fixture.registry.put("b.old-value", record("B"));
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
  fixture.plan_options.prune = true;
  fixture.observe_options.prune_prefix = "a.";
  EXPECT_THAT(actions(fixture.plan()), ElementsAre("delete topic a.old", "delete subject a.old-value"));
  EXPECT_TRUE(fixture.apply().is_complete());
  EXPECT_FALSE(fixture.admin.topics.contains("a.old"));
  EXPECT_TRUE(fixture.admin.topics.contains("b.old"));
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
}

TEST(PlanTopics, ASubjectThatStillIsReferredToIsNotPruned) {
  ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record_of("A", "Far")}}};
  fixture.registry.put("a.far", record("Far"));
  fixture.registry.put("a.gone", record("Gone"));
  fixture.registry.put("a.user", record_of("User", "Gone"), {{"Gone", "a.gone", 1}});
  fixture.plan_options.prune = true;
  fixture.observe_options.prune_prefix = "a";
  EXPECT_TRUE(fixture.apply().is_complete());
  EXPECT_THAT(fixture.registry.subjects().value(), ElementsAre("a-value", "a.far"));
}

}  // namespace
}  // namespace omashu::provision
