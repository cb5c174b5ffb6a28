// Schemas: what is registered, with which references and versions, and what forbids it.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

// "subject version N [type -> subject N …]" for each registration.
std::vector<std::string> registrations(const Plan& plan) {
  std::vector<std::string> texts;
  for (const Action& action : plan.actions) {
    const auto* registration = std::get_if<RegisterSchema>(&action);
    if (registration == nullptr) continue;
    std::string text = fmt::format("{} {}", registration->subject, registration->version);
    for (const auto& reference : registration->text.references) {
      text += fmt::format(" {} -> {} {}", reference.name, reference.subject, reference.version);
    }
    texts.push_back(text);
  }
  return texts;
}

constexpr const char* kParentAndChild = "parent 1 1 parent.avsc 0 delete 0\nchild 1 1 child.avsc 0 delete 0\n";

ProvisionFixture parent_and_child() {
  return {.files = {{"f", kParentAndChild}, {"parent.avsc", record_of("P", "C")}, {"child.avsc", record("C")}}};
}

std::string with_default(const std::string& full_name, const std::string& field) {
  return fmt::format(R"({{"type":"record","name":"{}","fields":[{{"name":"id","type":"string"}},)"
                     R"({{"name":"{}","type":"string","default":""}}]}})",
                     full_name, field);
}

TEST(PlanSchemas, AllSchemasAreRegisteredInDependencyOrder) {
  ProvisionFixture fixture = parent_and_child();
  EXPECT_THAT(registrations(fixture.plan()), ElementsAre("child-value 1", "parent-value 1 C -> child-value 1"));
}

TEST(PlanSchemas, ASecondRunHasNothingToDo) {
  ProvisionFixture fixture = parent_and_child();
  EXPECT_TRUE(fixture.apply().is_complete());
  const Plan second = fixture.plan();
  EXPECT_THAT(second.actions, IsEmpty());
  EXPECT_EQ(second.unchanged_schemas, 2u);
}

TEST(PlanSchemas, SpellingIsNoDifference) {
  ProvisionFixture fixture = parent_and_child();
  fixture.apply();
  fixture.files["child.avsc"] =
      "{ \"name\": \"C\",\r\n  \"fields\": [ {\"type\": {\"type\": \"string\"}, \"name\": \"id\"} ], \"type\": "
      "\"record\" }";
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
}

TEST(PlanSchemas, DocumentationIsADifference) {
  ProvisionFixture fixture = parent_and_child();
  fixture.apply();
  fixture.files["child.avsc"] = R"({"type":"record","name":"C","doc":"new","fields":[{"name":"id","type":"string"}]})";
  EXPECT_THAT(registrations(fixture.plan()), ElementsAre("child-value 2", "parent-value 2 C -> child-value 2"));
}

TEST(PlanSchemas, AChangedChildRepointsItsParentInTheSameApply) {
  ProvisionFixture fixture = parent_and_child();
  fixture.apply();
  fixture.files["child.avsc"] = with_default("C", "more");
  EXPECT_THAT(registrations(fixture.plan()), ElementsAre("child-value 2", "parent-value 2 C -> child-value 2"));
  EXPECT_TRUE(fixture.apply().is_complete());
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
}

TEST(PlanSchemas, AReferenceToAnOldVersionIsNoticed) {
  ProvisionFixture fixture = parent_and_child();
  fixture.apply();
  fixture.registry.put("child-value", with_default("C", "more"));
  fixture.files["child.avsc"] = with_default("C", "more");
  EXPECT_THAT(registrations(fixture.plan()), ElementsAre("parent-value 2 C -> child-value 2"));
}

TEST(PlanSchemas, AnOlderVersionIsFoundAndNotRegisteredForEver) {
  ProvisionFixture fixture = parent_and_child();
  fixture.apply();
  fixture.registry.put("child-value", with_default("C", "more"));
  const Plan plan = fixture.plan();
  EXPECT_THAT(plan.actions, IsEmpty());
  EXPECT_THAT(plan.notes, ElementsAre(StartsWith("child-value: the schema is its version 1, and the latest is 2")));
}

TEST(PlanSchemas, AFileForTwoTopicsIsRegisteredForBoth) {
  ProvisionFixture fixture{
      .files = {{"f", "a 1 1 s.avsc 0 delete 1\nb 1 1 s.avsc 0 delete 1\n"}, {"s.avsc", record("S")}}};
  EXPECT_THAT(registrations(fixture.plan()), ElementsAre("a-value 1", "b-value 1"));
}

TEST(PlanSchemas, ATypeThatOnlyTheRegistryHasIsFoundThere) {
  ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record_of("A", "x.Far")}}};
  fixture.registry.put("near", record("Near"));
  fixture.registry.put("nested",
                       R"({"type":"record","name":"N","fields":[{"name":"f","type":)" + record("x.Far") + "}]}");
  EXPECT_THAT(registrations(fixture.plan()), ElementsAre("a-value 1 x.Far -> nested 1"));
  fixture.registry.put("whole", record("x.Far"));
  fixture.registry.put("whole", with_default("x.Far", "more"));
  EXPECT_THAT(registrations(fixture.plan()), ElementsAre("a-value 1 x.Far -> whole 2"));
  EXPECT_TRUE(fixture.apply().is_complete());
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
}

TEST(PlanSchemas, TheSubjectThatIsReferredToAlreadyIsPreferred) {
  ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record_of("A", "x.Far")}}};
  fixture.registry.put("first", record("x.Far"));
  fixture.registry.put("second", record("x.Far"));
  fixture.registry.put("a-value", record_of("A", "x.Far"), {{"x.Far", "second", 1}});
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
}

TEST(PlanSchemas, AForeignTypeMayReferToOthers) {
  ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record_of("A", "Mid")}}};
  fixture.registry.put("leaf", record("Leaf"));
  fixture.registry.put("mid", record_of("Mid", "Leaf"), {{"Leaf", "leaf", 1}});
  EXPECT_THAT(registrations(fixture.plan()), ElementsAre("a-value 1 Mid -> mid 1"));
  EXPECT_THAT(fixture.violations(), IsEmpty());
}

TEST(PlanSchemas, ATypeThatIsNowhereStopsTheRun) {
  ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 1\n"}, {"a.avsc", record_of("A", "x.Nowhere")}}};
  fixture.registry.put("other", record("x.Other"));
  EXPECT_THAT(
      fixture.violations(),
      ElementsAre("a.avsc:1:59: the type x.Nowhere is defined by no schema file of the list and by no subject's "
                  "latest version in the registry: add a row for its schema"));
  EXPECT_EQ(fixture.registry.writes + fixture.admin.writes, 0);
}

TEST(PlanSchemas, ANewFieldWithoutADefaultIsIncompatible) {
  ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record("A", {"id", "more"})}}};
  fixture.registry.put("a-value", record("A", {"id"}));
  EXPECT_THAT(
      fixture.violations(),
      ElementsAre(StartsWith("a.avsc:1:69: incompatible with version 1 of a-value (level BACKWARD): it cannot "
                             "read what that version wrote: READER_FIELD_MISSING_DEFAULT_VALUE at /fields/1: ")));
  for (const std::string level : {"NONE", "FORWARD", "FORWARD_TRANSITIVE"}) {
    fixture.registry.levels["a-value"] = level;
    EXPECT_THAT(fixture.violations(), IsEmpty()) << level;
  }
  for (const std::string level : {"FULL", "FULL_TRANSITIVE", "BACKWARD_TRANSITIVE"}) {
    fixture.registry.levels["a-value"] = level;
    EXPECT_THAT(fixture.violations(), ElementsAre(testing::HasSubstr("(level " + level + ")"))) << level;
  }
}

TEST(PlanSchemas, TransitiveLevelsLookAtEveryVersion) {
  ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record("A", {"id", "more"})}}};
  fixture.registry.levels["a-value"] = "NONE";
  fixture.registry.put("a-value", record("A", {"id"}));
  fixture.registry.put("a-value", record("A", {"id", "more", "most"}));
  fixture.registry.levels["a-value"] = "BACKWARD";
  EXPECT_THAT(fixture.violations(), IsEmpty());
  fixture.registry.levels["a-value"] = "BACKWARD_TRANSITIVE";
  EXPECT_THAT(fixture.violations(), ElementsAre(testing::HasSubstr("incompatible with version 1 of a-value")));
}

// The parent's own text stays as it is; its child, which is only planned, breaks it.
TEST(PlanSchemas, AnIncompatibilityThroughAPlannedReferenceIsSeen) {
  ProvisionFixture fixture = parent_and_child();
  fixture.apply();
  fixture.registry.levels["child-value"] = "NONE";
  fixture.files["child.avsc"] = record("C", {"id", "more"});
  EXPECT_THAT(fixture.violations(), ElementsAre(StartsWith("parent.avsc:")));
  fixture.registry.levels["child-value"] = "BACKWARD";
  EXPECT_THAT(fixture.violations(), ElementsAre(StartsWith("child.avsc:"), StartsWith("parent.avsc:")));
}

TEST(PlanSchemas, TheRegistryHasALastWord) {
  ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record("A", {"id", "more"})}}};
  fixture.registry.put("a-value", record("A"));
  fixture.registry.verdicts["a-value"] = "it says so";
  EXPECT_THAT(fixture.violations(), ElementsAre(StartsWith("a.avsc:1:69: incompatible with version 1 of a-value")));
  fixture.registry.levels["a-value"] = "NONE";
  EXPECT_THAT(fixture.violations(),
              ElementsAre("a.avsc:1:1: the registry finds it incompatible with a-value: it says so"));
}

TEST(PlanSchemas, TheRegistryIsNotAskedAboutWhatRefersToAPlannedVersion) {
  ProvisionFixture fixture = parent_and_child();
  fixture.apply();
  fixture.registry.verdicts["parent-value"] = "it does not know the reference yet";
  fixture.files["child.avsc"] = with_default("C", "more");
  EXPECT_THAT(fixture.violations(), IsEmpty());
}

TEST(PlanSchemas, AnOldVersionWhoseDefaultsAreWrongCanBeComparedWith) {
  ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record("A")}}};
  fixture.registry.put("a-value",
                       R"({"type":"record","name":"A","fields":[{"name":"id","type":"string","default":1}]})");
  EXPECT_THAT(fixture.violations(), IsEmpty());
  EXPECT_THAT(registrations(fixture.plan()), ElementsAre("a-value 2"));
}

TEST(PlanSchemas, AVersionThatDoesNotParseIsSaid) {
  ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record("A")}}};
  fixture.registry.put("a-value", R"({"type":"record","name":"A","fields":[{"name":"it","type":"Lost"}]})");
  const Plan plan = fixture.plan();
  EXPECT_THAT(plan.violations, IsEmpty());
  EXPECT_THAT(plan.notes, ElementsAre(StartsWith("a-value version 1 cannot be compared with: ")));
}

TEST(PlanSchemas, AChildInTwoVersionsOfTheRegistryIsResolvedForEach) {
  ProvisionFixture fixture = parent_and_child();
  fixture.apply();
  for (const std::string field : {"b", "c", "d"}) {
    fixture.files["child.avsc"] = with_default("C", field);
    EXPECT_THAT(fixture.violations(), IsEmpty());
    EXPECT_TRUE(fixture.apply().is_complete());
  }
  EXPECT_EQ(fixture.registry.held["parent-value"].size(), 4u);
  fixture.registry.levels[""] = "FULL_TRANSITIVE";
  fixture.files["child.avsc"] = with_default("C", "e");
  EXPECT_THAT(fixture.violations(), IsEmpty());
}

}  // namespace
}  // namespace omashu::provision
