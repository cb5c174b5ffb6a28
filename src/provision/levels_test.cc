// The compatibility levels of subjects, and the modes in which a registry takes no writes.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/diff_text.h"
#include "provision/export.h"
#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;

const std::string kRow = "t 1 1 t.avsc true delete true compatibility=FULL_TRANSITIVE\n";

ProvisionFixture fixture_of(const std::string& row) {
  return {.files = {{"f", row}, {"t.avsc", record("T")}, {"t-key.avsc", "\"string\""}}};
}

TEST(Levels, AreSetForBothSubjectsOfARowAfterTheirFirstSchemas) {
  ProvisionFixture fixture = fixture_of(kRow);
  const std::string text = diff_text(fixture.plan(), Colours::kOff);
  EXPECT_THAT(text, HasSubstr("~ compatibility of t-value: BACKWARD → FULL_TRANSITIVE\n"
                              "~ compatibility of t-key: BACKWARD → FULL_TRANSITIVE\n"
                              "+ topic t "));
  EXPECT_THAT(text, HasSubstr("2 schemas to register; 2 compatibility levels to set; 1 topic to create"));
  ASSERT_TRUE(fixture.apply().is_complete());
  EXPECT_THAT(fixture.registry.levels,
              ElementsAre(Pair("", "BACKWARD"), Pair("t-key", "FULL_TRANSITIVE"), Pair("t-value", "FULL_TRANSITIVE")));
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
}

TEST(Levels, OfASubjectThatExistsAreSetFirstAndHoldForItsNewSchema) {
  ProvisionFixture fixture = fixture_of("t 1 1 t.avsc false delete false compatibility=FORWARD\n");
  fixture.registry.put("t-value", record("T"));
  fixture.files["t.avsc"] = record("T", {"id", "added"});  // forward compatible, and not backward
  fixture.registry.verdicts["t-value"] = "the old level forbids it";
  ASSERT_THAT(fixture.violations(), IsEmpty());
  const Plan plan = fixture.plan();
  ASSERT_EQ(plan.actions.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<SetCompatibility>(plan.actions[0]));
  EXPECT_TRUE(std::holds_alternative<RegisterSchema>(plan.actions[1]));
  ASSERT_TRUE(fixture.apply().is_complete());
  EXPECT_EQ(fixture.registry.levels.at("t-value"), "FORWARD");

  fixture.files["f"] = "t 1 1 t.avsc false delete false compatibility=BACKWARD\n";
  fixture.files["t.avsc"] = record("T", {"id", "added", "more"});
  EXPECT_THAT(fixture.violations(), ElementsAre(HasSubstr("(level BACKWARD)")));
}

TEST(Levels, WithoutANameAreLeftAlone) {
  ProvisionFixture fixture = fixture_of("t 1 1 t.avsc false delete false\n");
  fixture.registry.put("t-value", record("T"));
  fixture.registry.levels["t-value"] = "NONE";
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
}

TEST(Levels, AFailureStopsTheRunBeforeTheSchemas) {
  ProvisionFixture fixture = fixture_of("t 1 1 t.avsc false delete false compatibility=NONE\n");
  fixture.registry.put("t-value", record("T"));
  fixture.files["t.avsc"] = record("T", {"other"});
  fixture.registry.failures["t-value"] = {ErrorCode::kUnauthorized, "no", std::nullopt};
  const ApplyReport report = fixture.apply();
  EXPECT_EQ(report.results[0].state, ActionResult::State::kFailed);
  EXPECT_EQ(report.results[1].state, ActionResult::State::kNotDone);
}

TEST(Levels, MistakesInThem) {
  const std::pair<const char*, const char*> cases[] = {
      {"t 1 1 t.avsc false delete true compatibility=full",
       "f:1:32: compatibility is 'full': it must be one of NONE, BACKWARD, BACKWARD_TRANSITIVE, FORWARD, "
       "FORWARD_TRANSITIVE, FULL, FULL_TRANSITIVE: did you mean FULL?"},
      {"t 1 1 t.avsc false delete true compatability=FULL",
       "f:1:32: unknown setting compatability: did you mean compatibility?"},
      {"t 1 1 - false delete true compatibility=FULL",
       "f:1:27: compatibility is a level of the row's subjects, and the row has no schema"},
      {"t 1 1 t.avsc false delete true compatibility=FULL\nt 1 1 t.avsc false delete true",
       "f:2:1: topic t is also in line 1, and differently: compatibility is not set here and FULL there; keep one of "
       "the rows"},
  };
  for (const auto& [row, mistake] : cases) EXPECT_THAT(fixture_of(row).mistakes(), ElementsAre(mistake));
  ProvisionFixture fixture{.files = {{"f",
                                      "t 1 1 t.avsc 0 delete 1 compatibility=FULL\n"
                                      "u 1 1 t.avsc 0 delete 1 compatibility=NONE\n"},
                                     {"t.avsc", record("T")}}};
  EXPECT_THAT(fixture.mistakes(), IsEmpty());
  fixture.strategy = serde::SubjectNameStrategy::kRecordName;
  EXPECT_THAT(fixture.mistakes(),
              ElementsAre("f:2:25: subject T would get the compatibility levels NONE and FULL (line "
                          "1): keep one of them"));
}

TEST(Levels, AreExported) {
  ProvisionFixture fixture = fixture_of(kRow);
  ASSERT_TRUE(fixture.apply().is_complete());
  const LiveCluster cluster = read_live_cluster(fixture.admin, fixture.registry, {}).value();
  Export exported = export_cluster(cluster, {});
  EXPECT_THAT(exported.files.at(std::string(kExportedFileName)), HasSubstr("  compatibility=FULL_TRANSITIVE\n"));
  EXPECT_THAT(exported.warnings, IsEmpty());
  fixture.files = exported.files;
  fixture.files["f"] = exported.files.at(std::string(kExportedFileName));
  EXPECT_THAT(fixture.plan().actions, IsEmpty());

  fixture.registry.levels["t-key"] = "NONE";
  exported = export_cluster(read_live_cluster(fixture.admin, fixture.registry, {}).value(), {});
  EXPECT_THAT(exported.warnings, ElementsAre("subjects t-value and t-key have different compatibility levels, which "
                                             "one row cannot say: left out"));
}

TEST(Modes, WhatARegistryWouldRefuseIsToldBeforeAnythingIsWritten) {
  ProvisionFixture fixture = fixture_of("t 1 1 t.avsc false delete true\n");
  fixture.registry.modes["t-value"] = "READONLY";
  EXPECT_THAT(fixture.violations(),
              ElementsAre("f:1:7: subject t-value is in mode READONLY: the registry would refuse to register the "
                          "schema; set its mode to READWRITE first"));
  fixture.registry.put("t-value", record("T"));
  EXPECT_THAT(fixture.violations(), IsEmpty());  // there is nothing to write

  fixture.registry.modes = {{"", "IMPORT"}};
  fixture.files["t.avsc"] = record("T", {"id", "added"});
  fixture.registry.levels[""] = "NONE";
  EXPECT_THAT(fixture.violations(), ElementsAre(StartsWith("f:1:7: subject t-value is in mode IMPORT: ")));
}

}  // namespace
}  // namespace omashu::provision
