// reference.SUBJECT=VERSION: a row whose schemas refer to another version than the latest.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/testing/scene.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

const std::string kMoreOfB =
    R"({"type":"record","name":"B","fields":[{"name":"id","type":"string"},{"name":"m","type":"int","default":0}]})";

Scene scene_with(const std::string& pin) {
  Scene scene{.files = {{"f", "a 1 1 a.avsc 0 delete 0 " + pin + "\nb 1 1 b.avsc 0 delete 0\n"},
                        {"a.avsc", record_of("A", "B")},
                        {"b.avsc", kMoreOfB}}};
  scene.registry.put("b-value", record("B"));
  return scene;
}

TEST(PinnedReferences, HoldWhereTheSubjectGoesOn) {
  Scene scene = scene_with("reference.b-value=1");
  ASSERT_TRUE(scene.apply().is_complete());
  EXPECT_EQ(scene.registry.highest_version.at("b-value"), 2);
  EXPECT_THAT(scene.registry.held.at("a-value").at(1).text.references,
              ElementsAre(schema_registry::Reference{"B", "b-value", 1}));
  EXPECT_THAT(scene.plan().actions, IsEmpty());

  scene.files["f"] = "a 1 1 a.avsc 0 delete 0\nb 1 1 b.avsc 0 delete 0\n";
  ASSERT_TRUE(scene.apply().is_complete());
  EXPECT_THAT(scene.registry.held.at("a-value").at(2).text.references,
              ElementsAre(schema_registry::Reference{"B", "b-value", 2}));
}

TEST(PinnedReferences, HoldWhereTheRegistryGivesOtherNumbersThanPlanned) {
  Scene scene = scene_with("reference.b-value=1");
  scene.registry.highest_version["b-value"] = 7;  // deleted ones count
  ASSERT_TRUE(scene.apply().is_complete());
  EXPECT_THAT(scene.registry.held.at("a-value").at(1).text.references,
              ElementsAre(schema_registry::Reference{"B", "b-value", 1}));
}

TEST(PinnedReferences, MustBeThere) {
  EXPECT_THAT(scene_with("reference.b-value=3").violations(),
              ElementsAre("f:1:7: reference.b-value=3: the registry has no such version"));
}

TEST(PinnedReferences, MistakesInThem) {
  for (const char* pin : {"reference.b-value=latest", "reference.b-value=0", "reference.=1"}) {
    EXPECT_THAT(scene_with(pin).mistakes(),
                ElementsAre(StartsWith(std::string("f:1:25: ") + pin + ": write reference.SUBJECT=VERSION")));
  }
}

TEST(PinnedReferences, AreTheSameInAllRowsOfATopic) {
  Scene scene = scene_with("reference.b-value=1\na 1 1 a.avsc 0 delete 0");
  EXPECT_THAT(scene.mistakes(),
              testing::Contains("f:2:1: topic a is also in line 1, and differently: pinned are no references here and "
                                "reference.b-value=1 there; keep one of the rows"));
}

}  // namespace
}  // namespace omashu::provision
