#include "provision/apply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/diff_text.h"
#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kRows =
    "top 1 1 top.avsc 0 delete 1\n"
    "mid 1 1 mid.avsc 0 delete 1\n"
    "leaf 1 1 leaf.avsc 0 delete 0\n";

ProvisionFixture chain() {
  return {.files = {{"f", kRows},
                    {"top.avsc", record_of("Top", "Mid")},
                    {"mid.avsc", record_of("Mid", "Leaf")},
                    {"leaf.avsc", record("Leaf")}}};
}

TEST(Apply, SchemasLeafFirstAndAllTopicsInOneRequest) {
  ProvisionFixture fixture = chain();
  EXPECT_TRUE(fixture.apply().is_complete());
  EXPECT_THAT(fixture.registry.register_order, ElementsAre("leaf-value", "mid-value", "top-value"));
  EXPECT_EQ(fixture.admin.create_requests, 1);
  EXPECT_EQ(fixture.admin.topics.size(), 2u);
}

TEST(Apply, ThenThePlanIsEmpty) {
  ProvisionFixture fixture = chain();
  fixture.apply();
  const int writes = fixture.registry.writes + fixture.admin.writes;
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
  EXPECT_TRUE(fixture.apply().is_complete());
  EXPECT_EQ(fixture.registry.writes + fixture.admin.writes, writes);
}

TEST(Apply, ReferencesCarryTheVersionThatTheRegistryReallyGave) {
  ProvisionFixture fixture = chain();
  fixture.registry.highest_version["leaf-value"] = 4;  // deleted, so no plan can see them
  const ApplyReport report = fixture.apply();
  EXPECT_TRUE(report.is_complete());
  EXPECT_EQ(fixture.registry.latest("mid-value")->text.references.front().version, 5);
  EXPECT_THAT(report.notes, ElementsAre("leaf-value became version 5, not 1 as planned; what refers to it carries 5"));
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
}

TEST(Apply, AnotherVersionOfAnUnreferencedSchemaIsNotWorthAWord) {
  ProvisionFixture fixture = chain();
  fixture.registry.highest_version["top-value"] = 4;
  EXPECT_THAT(fixture.apply().notes, IsEmpty());
}

TEST(Apply, AfterAFailedLevelNothingMoreIsBegun) {
  ProvisionFixture fixture = chain();
  fixture.registry.failures["mid-value"] = {ErrorCode::kUnavailable, "503 from the registry", {}};
  const Plan plan = fixture.plan();
  const ApplyReport report = apply_plan(plan, fixture.admin, &fixture.registry);
  EXPECT_FALSE(report.is_complete());
  EXPECT_EQ(report_text(plan, report, Colours::kOff),
            "+ done: register schema leaf-value version 1\n"
            "- failed: register schema mid-value version 1: 503 from the registry\n"
            "~ not done: register schema top-value version 1\n"
            "~ not done: create topic top\n"
            "~ not done: create topic mid\n"
            "1 of 5 changes done; run it again to finish\n");
  EXPECT_THAT(fixture.admin.topics, IsEmpty());

  fixture.registry.failures.clear();
  EXPECT_TRUE(fixture.apply().is_complete());
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
}

TEST(Apply, OneTopicThatFailsDoesNotKeepTheOthersOfItsRequest) {
  ProvisionFixture fixture = chain();
  fixture.admin.failures["top"] = {ErrorCode::kUnavailable, "THROTTLING_QUOTA_EXCEEDED", {}};
  const Plan plan = fixture.plan();
  const ApplyReport report = apply_plan(plan, fixture.admin, &fixture.registry);
  EXPECT_THAT(report_text(plan, report, Colours::kOff),
              HasSubstr("- failed: create topic top: THROTTLING_QUOTA_EXCEEDED\n+ done: create topic mid\n"));
  fixture.admin.failures.clear();
  EXPECT_TRUE(fixture.apply().is_complete());
}

TEST(Apply, ChangesPartitionsAndSettings) {
  ProvisionFixture fixture{.files = {{"f", "t 6 1 - 0 delete 1 retention.ms=1000\n"}}};
  fixture.admin.topics["t"] = {3, 1, {}};
  EXPECT_TRUE(fixture.apply().is_complete());
  EXPECT_EQ(fixture.admin.topics["t"].partitions, 6);
  EXPECT_EQ(fixture.admin.topics["t"].configs["retention.ms"], "1000");
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
}

TEST(Apply, StopsBetweenTheStepsWhereItIsAskedTo) {
  ProvisionFixture fixture = chain();
  const Plan plan = fixture.plan();
  const ApplyReport report = apply_plan(plan, fixture.admin, &fixture.registry, [] { return true; });
  EXPECT_FALSE(report.is_complete());
  EXPECT_EQ(fixture.registry.writes + fixture.admin.writes, 0);
}

TEST(Apply, MoreRecordsThanAControllerTakesGoOutInSeveralRequests) {
  ProvisionFixture fixture{.files = {{"f", "a 5000 1 - 0 delete 1\nb 5000 1 - 0 delete 1\nc 5 1 - 0 delete 1\n"}}};
  EXPECT_TRUE(fixture.apply().is_complete());
  EXPECT_EQ(fixture.admin.create_requests, 2);
  EXPECT_EQ(fixture.admin.topics.size(), 3u);
}

TEST(Apply, WithoutSchemasNoRegistryIsNeeded) {
  ProvisionFixture fixture{.files = {{"f", "t 1 1 - 0 delete 1\n"}}};
  const Desired desired = fixture.desired();
  const Observed observed = observe(desired, fixture.admin, nullptr, {}).value();
  EXPECT_TRUE(apply_plan(make_plan(desired, observed, {}), fixture.admin, nullptr).is_complete());
}

}  // namespace
}  // namespace omashu::provision
