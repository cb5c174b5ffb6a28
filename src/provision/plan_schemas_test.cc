// Schemas: what is registered, with which references and versions, and what forbids it.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/testing/scene.h"

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

Scene parent_and_child() {
  return {.files = {{"f", kParentAndChild}, {"parent.avsc", record_of("P", "C")}, {"child.avsc", record("C")}}};
}

std::string with_default(const std::string& full_name, const std::string& field) {
  return fmt::format(R"({{"type":"record","name":"{}","fields":[{{"name":"id","type":"string"}},)"
                     R"({{"name":"{}","type":"string","default":""}}]}})",
                     full_name, field);
}

TEST(PlanSchemas, AllSchemasAreRegisteredInDependencyOrder) {
  Scene scene = parent_and_child();
  EXPECT_THAT(registrations(scene.plan()), ElementsAre("child-value 1", "parent-value 1 C -> child-value 1"));
}

TEST(PlanSchemas, ASecondRunHasNothingToDo) {
  Scene scene = parent_and_child();
  EXPECT_TRUE(scene.apply().is_complete());
  const Plan second = scene.plan();
  EXPECT_THAT(second.actions, IsEmpty());
  EXPECT_EQ(second.unchanged_schemas, 2u);
}

TEST(PlanSchemas, SpellingIsNoDifference) {
  Scene scene = parent_and_child();
  scene.apply();
  scene.files["child.avsc"] =
      "{ \"name\": \"C\",\r\n  \"fields\": [ {\"type\": {\"type\": \"string\"}, \"name\": \"id\"} ], \"type\": "
      "\"record\" }";
  EXPECT_THAT(scene.plan().actions, IsEmpty());
}

TEST(PlanSchemas, DocumentationIsADifference) {
  Scene scene = parent_and_child();
  scene.apply();
  scene.files["child.avsc"] = R"({"type":"record","name":"C","doc":"new","fields":[{"name":"id","type":"string"}]})";
  EXPECT_THAT(registrations(scene.plan()), ElementsAre("child-value 2", "parent-value 2 C -> child-value 2"));
}

TEST(PlanSchemas, AChangedChildRepointsItsParentInTheSameApply) {
  Scene scene = parent_and_child();
  scene.apply();
  scene.files["child.avsc"] = with_default("C", "more");
  EXPECT_THAT(registrations(scene.plan()), ElementsAre("child-value 2", "parent-value 2 C -> child-value 2"));
  EXPECT_TRUE(scene.apply().is_complete());
  EXPECT_THAT(scene.plan().actions, IsEmpty());
}

TEST(PlanSchemas, AReferenceToAnOldVersionIsNoticed) {
  Scene scene = parent_and_child();
  scene.apply();
  scene.registry.put("child-value", with_default("C", "more"));
  scene.files["child.avsc"] = with_default("C", "more");
  EXPECT_THAT(registrations(scene.plan()), ElementsAre("parent-value 2 C -> child-value 2"));
}

TEST(PlanSchemas, AnOlderVersionIsFoundAndNotRegisteredForEver) {
  Scene scene = parent_and_child();
  scene.apply();
  scene.registry.put("child-value", with_default("C", "more"));
  const Plan plan = scene.plan();
  EXPECT_THAT(plan.actions, IsEmpty());
  EXPECT_THAT(plan.notes, ElementsAre(StartsWith("child-value: the schema is its version 1, and the latest is 2")));
}

TEST(PlanSchemas, AFileForTwoTopicsIsRegisteredForBoth) {
  Scene scene{.files = {{"f", "a 1 1 s.avsc 0 delete 1\nb 1 1 s.avsc 0 delete 1\n"}, {"s.avsc", record("S")}}};
  EXPECT_THAT(registrations(scene.plan()), ElementsAre("a-value 1", "b-value 1"));
}

TEST(PlanSchemas, ATypeThatOnlyTheRegistryHasIsFoundThere) {
  Scene scene{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record_of("A", "x.Far")}}};
  scene.registry.put("near", record("Near"));
  scene.registry.put("nested",
                     R"({"type":"record","name":"N","fields":[{"name":"f","type":)" + record("x.Far") + "}]}");
  EXPECT_THAT(registrations(scene.plan()), ElementsAre("a-value 1 x.Far -> nested 1"));
  scene.registry.put("whole", record("x.Far"));
  scene.registry.put("whole", with_default("x.Far", "more"));
  EXPECT_THAT(registrations(scene.plan()), ElementsAre("a-value 1 x.Far -> whole 2"));
  EXPECT_TRUE(scene.apply().is_complete());
  EXPECT_THAT(scene.plan().actions, IsEmpty());
}

TEST(PlanSchemas, TheSubjectThatIsReferredToAlreadyIsPreferred) {
  Scene scene{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record_of("A", "x.Far")}}};
  scene.registry.put("first", record("x.Far"));
  scene.registry.put("second", record("x.Far"));
  scene.registry.put("a-value", record_of("A", "x.Far"), {{"x.Far", "second", 1}});
  EXPECT_THAT(scene.plan().actions, IsEmpty());
}

TEST(PlanSchemas, AForeignTypeMayReferToOthers) {
  Scene scene{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record_of("A", "Mid")}}};
  scene.registry.put("leaf", record("Leaf"));
  scene.registry.put("mid", record_of("Mid", "Leaf"), {{"Leaf", "leaf", 1}});
  EXPECT_THAT(registrations(scene.plan()), ElementsAre("a-value 1 Mid -> mid 1"));
  EXPECT_THAT(scene.violations(), IsEmpty());
}

TEST(PlanSchemas, ATypeThatIsNowhereStopsTheRun) {
  Scene scene{.files = {{"f", "a 1 1 a.avsc 0 delete 1\n"}, {"a.avsc", record_of("A", "x.Nowhere")}}};
  scene.registry.put("other", record("x.Other"));
  EXPECT_THAT(
      scene.violations(),
      ElementsAre("a.avsc:1:59: the type x.Nowhere is defined by no schema file of the list and by no subject's "
                  "latest version in the registry: add a row for its schema"));
  EXPECT_EQ(scene.registry.writes + scene.admin.writes, 0);
}

TEST(PlanSchemas, ANewFieldWithoutADefaultIsIncompatible) {
  Scene scene{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record("A", {"id", "more"})}}};
  scene.registry.put("a-value", record("A", {"id"}));
  EXPECT_THAT(
      scene.violations(),
      ElementsAre(StartsWith("a.avsc:1:69: incompatible with version 1 of a-value (level BACKWARD): it cannot "
                             "read what that version wrote: READER_FIELD_MISSING_DEFAULT_VALUE at /fields/1: ")));
  for (const std::string level : {"NONE", "FORWARD", "FORWARD_TRANSITIVE"}) {
    scene.registry.levels["a-value"] = level;
    EXPECT_THAT(scene.violations(), IsEmpty()) << level;
  }
  for (const std::string level : {"FULL", "FULL_TRANSITIVE", "BACKWARD_TRANSITIVE"}) {
    scene.registry.levels["a-value"] = level;
    EXPECT_THAT(scene.violations(), ElementsAre(testing::HasSubstr("(level " + level + ")"))) << level;
  }
}

TEST(PlanSchemas, TransitiveLevelsLookAtEveryVersion) {
  Scene scene{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record("A", {"id", "more"})}}};
  scene.registry.levels["a-value"] = "NONE";
  scene.registry.put("a-value", record("A", {"id"}));
  scene.registry.put("a-value", record("A", {"id", "more", "most"}));
  scene.registry.levels["a-value"] = "BACKWARD";
  EXPECT_THAT(scene.violations(), IsEmpty());
  scene.registry.levels["a-value"] = "BACKWARD_TRANSITIVE";
  EXPECT_THAT(scene.violations(), ElementsAre(testing::HasSubstr("incompatible with version 1 of a-value")));
}

// The parent's own text stays as it is; its child, which is only planned, breaks it.
TEST(PlanSchemas, AnIncompatibilityThroughAPlannedReferenceIsSeen) {
  Scene scene = parent_and_child();
  scene.apply();
  scene.registry.levels["child-value"] = "NONE";
  scene.files["child.avsc"] = record("C", {"id", "more"});
  EXPECT_THAT(scene.violations(), ElementsAre(StartsWith("parent.avsc:")));
  scene.registry.levels["child-value"] = "BACKWARD";
  EXPECT_THAT(scene.violations(), ElementsAre(StartsWith("child.avsc:"), StartsWith("parent.avsc:")));
}

TEST(PlanSchemas, TheRegistryHasALastWord) {
  Scene scene{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record("A", {"id", "more"})}}};
  scene.registry.put("a-value", record("A"));
  scene.registry.verdicts["a-value"] = "it says so";
  EXPECT_THAT(scene.violations(), ElementsAre(StartsWith("a.avsc:1:69: incompatible with version 1 of a-value")));
  scene.registry.levels["a-value"] = "NONE";
  EXPECT_THAT(scene.violations(),
              ElementsAre("a.avsc:1:1: the registry finds it incompatible with a-value: it says so"));
}

TEST(PlanSchemas, TheRegistryIsNotAskedAboutWhatRefersToAPlannedVersion) {
  Scene scene = parent_and_child();
  scene.apply();
  scene.registry.verdicts["parent-value"] = "it does not know the reference yet";
  scene.files["child.avsc"] = with_default("C", "more");
  EXPECT_THAT(scene.violations(), IsEmpty());
}

TEST(PlanSchemas, AnOldVersionWhoseDefaultsAreWrongCanBeComparedWith) {
  Scene scene{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record("A")}}};
  scene.registry.put("a-value", R"({"type":"record","name":"A","fields":[{"name":"id","type":"string","default":1}]})");
  EXPECT_THAT(scene.violations(), IsEmpty());
  EXPECT_THAT(registrations(scene.plan()), ElementsAre("a-value 2"));
}

TEST(PlanSchemas, AVersionThatDoesNotParseIsSaid) {
  Scene scene{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"}, {"a.avsc", record("A")}}};
  scene.registry.put("a-value", R"({"type":"record","name":"A","fields":[{"name":"it","type":"Lost"}]})");
  const Plan plan = scene.plan();
  EXPECT_THAT(plan.violations, IsEmpty());
  EXPECT_THAT(plan.notes, ElementsAre(StartsWith("a-value version 1 cannot be compared with: ")));
}

TEST(PlanSchemas, AChildInTwoVersionsOfTheRegistryIsResolvedForEach) {
  Scene scene = parent_and_child();
  scene.apply();
  for (const std::string field : {"b", "c", "d"}) {
    scene.files["child.avsc"] = with_default("C", field);
    EXPECT_THAT(scene.violations(), IsEmpty());
    EXPECT_TRUE(scene.apply().is_complete());
  }
  EXPECT_EQ(scene.registry.held["parent-value"].size(), 4u);
  scene.registry.levels[""] = "FULL_TRANSITIVE";
  scene.files["child.avsc"] = with_default("C", "e");
  EXPECT_THAT(scene.violations(), IsEmpty());
}

}  // namespace
}  // namespace omashu::provision
