#include "provision/lint/lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/core.h>

#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LintReport lint_of(const ProvisionFixture& fixture) { return lint(fixture.desired(), fixture.files.at("f")); }

// "LINE:COLUMN RULE TOPIC"
std::vector<std::string> rules_of(const ProvisionFixture& fixture) {
  std::vector<std::string> texts;
  for (const LintFinding& finding : lint_of(fixture).findings) {
    const TextPosition& position = finding.place.position;
    texts.push_back(fmt::format("{}:{} {} {}", position.line, position.column, finding.rule->name, finding.topic));
  }
  return texts;
}

const FileTexts kJobSchemas = {
    {"job.avsc", record("Order")}, {"job-key.avsc", record("OrderKey")}, {"placed.avsc", record("OrderPlaced")}};

ProvisionFixture with_list(const std::string& list, FileTexts files = kJobSchemas) {
  files["f"] = list;
  return {.files = std::move(files)};
}

TEST(Lint, FindsNothingInAGoodDesign) {
  EXPECT_THAT(rules_of(with_list("status 3 3 job.avsc 1 compact 1\n"
                                 "orders-placed 3 3 placed.avsc 0 delete 1 retention.ms=7d\n")),
              IsEmpty());
}

TEST(Lint, EntitiesHaveKeySchemas) {
  EXPECT_THAT(rules_of(with_list("status 3 3 job.avsc 0 compact 1\n")), ElementsAre("1:1 entity-key-schema status"));
}

TEST(Lint, EntitiesHoldTheirIds) {
  auto fixture = with_list("status 3 3 job.avsc 1 compact 1\n");
  fixture.files["job.avsc"] = record("Job", {"name"});
  EXPECT_THAT(rules_of(fixture), ElementsAre("1:12 entity-id status"));
  fixture.files["job-key.avsc"] = R"("string")";
  EXPECT_THAT(rules_of(fixture), ElementsAre("1:12 entity-id status"));
  fixture.files["job.avsc"] = record("Job", {"jobId"});
  EXPECT_THAT(rules_of(fixture), IsEmpty());
  fixture.files["job-key.avsc"] = R"("long")";
  EXPECT_THAT(rules_of(fixture), ElementsAre("1:12 entity-id status"));
}

TEST(Lint, KeysHaveOneSpelling) {
  auto fixture = with_list("orders-placed 3 3 job.avsc 1 delete 1 retention.ms=1d\n");
  fixture.files["job-key.avsc"] =
      R"({"type":"record","name":"K","fields":[{"name":"at","type":["null",{"type":"map","values":"int"}]}]})";
  EXPECT_THAT(rules_of(fixture), ElementsAre("1:19 key-type orders-placed"));
  EXPECT_THAT(lint_of(fixture).findings[0].message, HasSubstr("its key has the type map"));
}

TEST(Lint, TablesAreNotDeletedByAge) {
  EXPECT_THAT(rules_of(with_list("status 3 3 job.avsc 1 compact,delete 1 retention.ms=1d\n")),
              ElementsAre("1:23 table-delete status"));
}

TEST(Lint, TombstonesStayForAWhile) {
  EXPECT_THAT(rules_of(with_list("status 3 3 job.avsc 1 compact 1 delete.retention.ms=10m\n")),
              ElementsAre("1:33 tombstone-retention status"));
}

TEST(Lint, EventsAreDeletedByTime) {
  EXPECT_THAT(
      rules_of(with_list("a-placed 3 3 placed.avsc 0 delete 1\n"
                         "b-placed 3 3 placed.avsc 0 delete 1 retention.ms=-1\n"
                         "c-placed 3 3 placed.avsc 0 delete 1 retention.ms=default\n")),
      ElementsAre("1:28 event-retention a-placed", "2:37 event-retention b-placed", "3:28 event-retention c-placed"));
}

TEST(Lint, SettingsThatDoNothingAreTold) {
  EXPECT_THAT(rules_of(with_list("status 3 3 job.avsc 1 compact 1 retention.ms=1d\n"
                                 "a-placed 3 3 placed.avsc 0 delete 1 retention.ms=1d min.compaction.lag.ms=1h\n")),
              ElementsAre("1:33 unused-setting status", "2:53 unused-setting a-placed"));
}

TEST(Lint, EventsAreNamedForWhatHasHappened) {
  EXPECT_THAT(rules_of(with_list("orders 3 3 job.avsc 0 delete 1 retention.ms=1d\n")),
              ElementsAre("1:12 event-name orders"));
  EXPECT_THAT(rules_of(with_list("job-request 3 3 job.avsc 0 delete 1 retention.ms=1d\n")), IsEmpty());
  EXPECT_THAT(rules_of(with_list("status 3 3 placed.avsc 1 compact 1\n",
                                 {{"placed.avsc", record("OrderPlaced")}, {"placed-key.avsc", record("K")}})),
              ElementsAre("1:12 entity-name status"));
}

TEST(Lint, EachTopicHasOneSchemaOfARecord) {
  EXPECT_THAT(rules_of(with_list("a-placed 3 3 - 0 delete 1 retention.ms=1d\n")),
              ElementsAre("1:1 value-schema a-placed"));
  EXPECT_THAT(rules_of(with_list("a-placed 3 3 job.avsc 0 delete 1 retention.ms=1d\n", {{"job.avsc", R"("string")"}})),
              ElementsAre("1:14 value-record a-placed"));
  EXPECT_THAT(rules_of(with_list("a-placed 3 3 job.avsc 0 delete 1 retention.ms=1d\n",
                                 {{"job.avsc", "[" + record("APlaced") + "," + record("BPlaced") + "]"}})),
              ElementsAre("1:14 one-schema-per-topic a-placed"));
  auto two = with_list(
      "a-placed 3 3 job.avsc 0 delete 1 retention.ms=1d\n"
      "a-placed 3 3 placed.avsc 0 delete 1 retention.ms=1d\n");
  two.strategy = serde::SubjectNameStrategy::kTopicRecordName;
  EXPECT_THAT(rules_of(two), ElementsAre("1:1 one-schema-per-topic a-placed"));
}

TEST(Lint, NamesAreTypedAlike) {
  EXPECT_THAT(rules_of(with_list("Status 3 3 job.avsc 1 compact 1\n")), ElementsAre("1:1 topic-name Status"));
  EXPECT_THAT(rules_of(with_list("a-b 3 3 job.avsc 1 compact 1\nc-d 3 3 job.avsc 1 compact 1\n"
                                 "e_f 3 3 job.avsc 1 compact 1\n")),
              ElementsAre("3:1 topic-name e_f"));
}

TEST(Lint, RowsThatMakeNoTopicAreNotJudged) {
  EXPECT_THAT(rules_of(with_list("Shared_Type 1 1 job.avsc 0 delete 0\n")), IsEmpty());
}

TEST(Lint, WhatIsOnPurposeIsNotTold) {
  const auto fixture = with_list(
      "# lint off=entity-key-schema the partner's keys are plain text\n"
      "status 3 3 job.avsc 0 compact 1\n"
      "orders 3 3 job.avsc 0 delete 1  # lint off=event-name,event-retention\n");
  EXPECT_THAT(rules_of(fixture), IsEmpty());
  EXPECT_EQ(lint_of(fixture).on_purpose, 3U);
}

TEST(Lint, ACommentThatDoesNothingIsTold) {
  const auto fixture = with_list(
      "# lint off=entity-key-schema,event-nam\n"
      "status 3 3 job.avsc 1 compact 1\n"
      "# lint off=event-name\n");
  EXPECT_THAT(rules_of(fixture), ElementsAre("1:12 lint-comment ", "1:30 lint-comment ", "3:12 lint-comment "));
  EXPECT_EQ(lint_of(fixture).findings[1].message, "there is no rule 'event-nam': did you mean event-name?");
}

TEST(Lint, EveryRuleHasAReason) {
  for (const LintRule& rule : lint_rules()) {
    EXPECT_GT(rule.reason.size(), 40U) << rule.name;
    EXPECT_EQ(find_lint_rule(rule.name), &rule);
  }
}

}  // namespace
}  // namespace omashu::provision
