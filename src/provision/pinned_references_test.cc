// reference.SUBJECT=VERSION: a row whose schemas refer to another version than the latest.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

const std::string kMoreOfB =
    R"({"type":"record","name":"B","fields":[{"name":"id","type":"string"},{"name":"m","type":"int","default":0}]})";

ProvisionFixture fixture_with(const std::string& pin) {
  ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 0 " + pin + "\nb 1 1 b.avsc 0 delete 0\n"},
                                     {"a.avsc", record_of("A", "B")},
                                     {"b.avsc", kMoreOfB}}};
  fixture.registry.put("b-value", record("B"));
  return fixture;
}

TEST(PinnedReferences, HoldWhereTheSubjectGoesOn) {
  ProvisionFixture fixture = fixture_with("reference.b-value=1");
  ASSERT_TRUE(fixture.apply().is_complete());
  EXPECT_EQ(fixture.registry.highest_version.at("b-value"), 2);
  EXPECT_THAT(fixture.registry.held.at("a-value").at(1).text.references,
              ElementsAre(schema_registry::Reference{"B", "b-value", 1}));
  EXPECT_THAT(fixture.plan().actions, IsEmpty());

  fixture.files["f"] = "a 1 1 a.avsc 0 delete 0\nb 1 1 b.avsc 0 delete 0\n";
  ASSERT_TRUE(fixture.apply().is_complete());
  EXPECT_THAT(fixture.registry.held.at("a-value").at(2).text.references,
              ElementsAre(schema_registry::Reference{"B", "b-value", 2}));
}

TEST(PinnedReferences, HoldWhereTheRegistryGivesOtherNumbersThanPlanned) {
  ProvisionFixture fixture = fixture_with("reference.b-value=1");
  fixture.registry.highest_version["b-value"] = 7;  // deleted ones count
  ASSERT_TRUE(fixture.apply().is_complete());
  EXPECT_THAT(fixture.registry.held.at("a-value").at(1).text.references,
              ElementsAre(schema_registry::Reference{"B", "b-value", 1}));
}

TEST(PinnedReferences, MustBeThere) {
  EXPECT_THAT(fixture_with("reference.b-value=3").violations(),
              ElementsAre("f:1:7: reference.b-value=3: the registry has no such version"));
}

TEST(PinnedReferences, MistakesInThem) {
  for (const char* pin : {"reference.b-value=latest", "reference.b-value=0", "reference.=1"}) {
    EXPECT_THAT(fixture_with(pin).mistakes(),
                ElementsAre(StartsWith(std::string("f:1:25: ") + pin + ": write reference.SUBJECT=VERSION")));
  }
}

TEST(PinnedReferences, AreTheSameInAllRowsOfATopic) {
  ProvisionFixture fixture = fixture_with("reference.b-value=1\na 1 1 a.avsc 0 delete 0");
  EXPECT_THAT(fixture.mistakes(),
              testing::Contains("f:2:1: topic a is also in line 1, and differently: pinned are no references here and "
                                "reference.b-value=1 there; keep one of the rows"));
}

}  // namespace
}  // namespace omashu::provision
