// Another replication factor: planned, begun, slowed down and followed.

#include "provision/reassignment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/diff_text.h"
#include "provision/plan_json.h"
#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

ProvisionFixture raised(int brokers = 3) {
  ProvisionFixture fixture{.files = {{"f", "t 2 3 - 0 compact 1\n"}}};
  fixture.admin.brokers = brokers;
  fixture.admin.topics["t"] = {.partitions = 2, .replication_factor = 1, .configs = {{"cleanup.policy", "compact"}}};
  fixture.plan_options.allow_reassign = true;
  return fixture;
}

TEST(Reassignment, IsPlannedWhereItIsAllowed) {
  auto fixture = raised();
  const Plan plan = fixture.plan();
  ASSERT_THAT(plan.violations, IsEmpty());
  EXPECT_EQ(diff_text(plan, Colours::kOff),
            "~ topic t\n"
            "    ~ replication factor: 1 → 3 (replicas of 2 partitions move)\n"
            "0 schemas to register; 0 topics to create, 1 to change; 0 to delete; 0 topics and 0 schemas unchanged\n");
  EXPECT_EQ(json::to_text(actions_json(plan)),
            R"([{"action":"reassign_replicas","topic":"t","before":1,"after":3,"partitions":[)"
            R"({"partition":0,"before":[1],"after":[1,2,3]},{"partition":1,"before":[1],"after":[1,2,3]}]}])");
}

TEST(Reassignment, IsRefusedWithoutBeingAllowed) {
  auto fixture = raised();
  fixture.plan_options.allow_reassign = false;
  EXPECT_THAT(fixture.violations(), ElementsAre(HasSubstr("f:1:5: topic t has replication factor 1, not 3: changing it "
                                                          "moves replicas between brokers; --allow-reassign does it")));
}

TEST(Reassignment, NeedsABrokerForEachReplica) {
  auto fixture = raised(/*brokers=*/1);
  EXPECT_THAT(fixture.violations(),
              ElementsAre(HasSubstr("has replication factor 1, not 3: 1 broker is alive, and each replica needs one")));
}

TEST(Reassignment, ASecondRunChangesNothing) {
  auto fixture = raised();
  EXPECT_TRUE(fixture.apply().is_complete());
  EXPECT_EQ(fixture.admin.topics["t"].replication_factor, 3);
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
}

TEST(Reassignment, OneThatIsRefusedIsTold) {
  auto fixture = raised();
  fixture.admin.failures["t"] = {ErrorCode::kConflict, "REASSIGNMENT_IN_PROGRESS", {}};
  const auto report = fixture.apply();
  EXPECT_EQ(report.results[0].state, ActionResult::State::kFailed);
  EXPECT_EQ(report.results[0].message, "REASSIGNMENT_IN_PROGRESS");
}

TEST(Reassignment, WhatIsLeftIsCountedForTheTopicsOfTheFile) {
  FakeAdmin admin;
  admin.moves[{"t", kafka::PartitionId{0}}] = {.replicas = {1, 2, 3}, .adding = {2, 3}, .removing = {}};
  admin.moves[{"t", kafka::PartitionId{1}}] = {.replicas = {1, 2, 3}, .adding = {3}, .removing = {}};
  admin.moves[{"other", kafka::PartitionId{0}}] = {.replicas = {1, 2}, .adding = {2}, .removing = {}};
  const auto left = moves_left(admin, {"t"});
  ASSERT_TRUE(left);
  EXPECT_EQ(left->partitions, 2U);
  EXPECT_EQ(left->replicas, 3U);
}

TEST(Reassignment, OnlyWhatMovesIsSlowedDown) {
  auto fixture = raised();
  const Plan plan = fixture.plan();
  const auto throttled = throttled_replicas(plan);
  EXPECT_EQ(throttled.at("t").leaders, "0:1,1:1");
  EXPECT_EQ(throttled.at("t").followers, "0:2,0:3,1:2,1:3");
  ASSERT_TRUE(begin_throttle(fixture.admin, plan, 1000));
  EXPECT_EQ(fixture.admin.throttle, 1000);
  EXPECT_THAT(
      fixture.admin.topics["t"].configs,
      ElementsAre(Pair("cleanup.policy", "compact"), Pair("follower.replication.throttled.replicas", "0:2,0:3,1:2,1:3"),
                  Pair("leader.replication.throttled.replicas", "0:1,1:1")));
  ASSERT_TRUE(end_throttle(fixture.admin, {"t"}));
  EXPECT_EQ(fixture.admin.throttle, std::nullopt);
  EXPECT_THAT(fixture.admin.topics["t"].configs, ElementsAre(Pair("cleanup.policy", "compact")));
}

TEST(Reassignment, AThrottleThatIsNotThereIsNotLifted) {
  auto fixture = raised();
  ASSERT_TRUE(end_throttle(fixture.admin, {"t"}));
  EXPECT_EQ(fixture.admin.writes, 0);
}

}  // namespace
}  // namespace omashu::provision
