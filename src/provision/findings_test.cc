// What is wrong, or most likely not meant, in all the files of one run.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> warnings_of(const ProvisionFixture& fixture) {
  std::vector<std::string> texts;
  const LoadedDesired loaded = fixture.load();
  for (const Mistake& mistake : loaded.mistakes) ADD_FAILURE() << mistake_text(mistake);
  for (const Mistake& warning : loaded.desired.warnings) texts.push_back(warning_text(warning));
  return texts;
}

TEST(Findings, EveryMistakeOfEveryFileInOneRun) {
  const ProvisionFixture fixture{.files = {{"f",
                                            "a 1 1 a.avsc 0 delete 1\n"
                                            "b 0 1 b.avsc 0 delete 1\n"
                                            "c 1 1 c.avsc 0 delete 1 retention.sm=5\n"},
                                           {"a.avsc",
                                            "{\"type\":\"record\",\"name\":\"A\",\"fields\":[\n"
                                            "{\"name\":\"x\",\"type\":\"strin\"},\n"
                                            "{\"name\":\"y\",\"type\":\"int\",\"default\":\"1\"}]}"},
                                           {"b.avsc", "{\"type\":\"record\",\"name\":\"B\",\n\"feilds\":[]}"},
                                           {"c.avsc",
                                            "[\"null\",\n{\"type\":\"enum\",\"name\":\"C\",\"symbols\":[\"1\"]},\n"
                                            "{\"type\":\"fixed\",\"name\":\"D\",\"size\":\"2\"}]"}}};
  EXPECT_THAT(
      fixture.mistakes(),
      ElementsAre(
          "f:2:3: partitions is 0: it must be from 1 to 2147483647, or -1 for as many as the brokers give topics by "
          "themselves",
          "f:3:25: unknown setting retention.sm: did you mean retention.ms?",
          "a.avsc:2:20: unknown type strin: did you mean \"string\"?",
          "a.avsc:3:36: the default of the field y does not suit its type: expected a whole number of 32 bits",
          "b.avsc:2:1: record B needs the attribute \"fields\", an array of objects: did you mean \"fields\" by "
          "\"feilds\"?",
          "c.avsc:2:38: a symbol of enum C must be a string of letters, digits and '_' that starts with no digit",
          "c.avsc:3:35: the size of fixed D must be a whole number of bytes from 0 to 2147483639"));
}

TEST(Findings, MistakesThatDependOnOtherFilesAreAllTold) {
  const ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 1\nb 1 1 b.avsc 0 delete 0\n"},
                                           {"a.avsc",
                                            "{\"type\":\"record\",\"name\":\"A\",\"fields\":[\n"
                                            "{\"name\":\"x\",\"type\":\"B\",\"default\":{}},\n"
                                            "{\"name\":\"y\",\"type\":[\"B\",\"null\",\"B\"]}]}"},
                                           {"b.avsc", record("B")}}};
  EXPECT_THAT(fixture.mistakes(),
              ElementsAre("a.avsc:2:34: the default of the field x lacks the field id of B, which has no default of "
                          "its own",
                          "a.avsc:3:32: the union holds B twice: types without a name may stand in it once, named "
                          "types once for each name"));
}

TEST(Findings, TransitionsMustBeWellFormed) {
  const ProvisionFixture fixture{
      .files = {
          {"f", "a 1 1 a.avsc 0 delete 1\nb 1 1 b.avsc 0 delete 0\n"},
          {"a.avsc",
           "{\"type\":\"record\",\"name\":\"A\",\"fields\":[\n"
           "{\"name\":\"x\",\"type\":\"B\",\"transitions\":{\"QUEUED\":[\"DOEN\"]}},\n"
           "{\"name\":\"y\",\"type\":\"int\",\"transitions\":{}}]}"},
          {"b.avsc", "{\"type\":\"enum\",\"name\":\"B\",\"symbols\":[\"QUEUED\",\"DONE\"],\n\"transitions\":[]}"}}};
  EXPECT_THAT(fixture.mistakes(),
              ElementsAre("a.avsc:2:49: the enum B has no symbol 'DOEN': did you mean DONE?",
                          testing::StartsWith("a.avsc:3:26: transitions are of enums, and the field y is none"),
                          testing::StartsWith("b.avsc:2:15: transitions must be an object")));
}

TEST(Findings, AnUnknownTypeSuggestsTheNearestOfTheFiles) {
  ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 1\nb 1 1 b.avsc 0 delete 0\n"},
                                     {"a.avsc", record_of("n.A", "downloads.DownloadSorce")},
                                     {"b.avsc", record("downloads.DownloadSource")}}};
  const auto note = [&fixture] {
    const Desired desired = fixture.desired();
    for (const DesiredSchema& schema : desired.schemas) {
      for (const Link& link : schema.links) return foreign_type_text(schema, link);
    }
    return std::string();
  };
  EXPECT_EQ(note(),
            "a.avsc:1:61: note: the type downloads.DownloadSorce is defined by none of the files: it must come from "
            "the registry: did you mean downloads.DownloadSource, of b.avsc?");
  EXPECT_THAT(fixture.violations(),
              ElementsAre("a.avsc:1:61: the type downloads.DownloadSorce is defined by no schema file of the list and "
                          "by no subject's latest version in the registry: did you mean downloads.DownloadSource, of "
                          "b.avsc?"));
  fixture.files["a.avsc"] = record_of("n.A", "DownloadSource");  // in another namespace
  EXPECT_EQ(note(),
            "a.avsc:1:61: note: the type n.DownloadSource is defined by none of the files: it must come from the "
            "registry: did you mean downloads.DownloadSource, of b.avsc?");
  fixture.files["a.avsc"] = record_of("n.A", "x.Elsewhere");
  EXPECT_EQ(note(),
            "a.avsc:1:61: note: the type x.Elsewhere is defined by none of the files: it must come from the "
            "registry");
}

TEST(Findings, CommentsAreStrippedBeforeASchemaIsRegistered) {
  ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"},
                                     {"a.avsc", "// what it is\n{\"type\": \"string\" /* of text */}\n"}}};
  ASSERT_TRUE(fixture.apply().is_complete());
  EXPECT_EQ(fixture.registry.held.at("a-value").at(1).text.schema, "\"string\"");
  fixture.files["a.avsc"] = "// what it is\n{\"type\": \"string\" /* open";
  EXPECT_THAT(fixture.mistakes(), ElementsAre(testing::StartsWith("a.avsc:2:19: ")));
}

TEST(Findings, WarningsAreOfWhatIsMostLikelyNotMeant) {
  const ProvisionFixture fixture{
      .files = {
          {"f",
           "a 1 1 a.avsc 0 delete 1 min.insync.replicas=2\n"
           "b 1 2 - 0 delete 1 min.insync.replicas=2\n"
           "a 1 1 a.avsc no delete yes min.insync.replicas=2\n"},
          {"a.avsc", R"({"type":"record","name":"A","fields":[{"name":"x","type":"int","logicalType":"date"}]})"}}};
  EXPECT_THAT(warnings_of(fixture),
              ElementsAre("f:1:25: warning: topic a: min.insync.replicas is 2, above the replication factor 1: a "
                          "producer with acks=all could never write",
                          "f:3:1: warning: topic a: line 1 says the same; keep one of the rows",
                          testing::StartsWith("a.avsc:1:64: warning: \"logicalType\" stands beside the type")));
}

TEST(Findings, StrictTakesWarningsForMistakes) {
  ProvisionFixture fixture{.files = {{"f", "# nothing yet\n"}}};
  EXPECT_THAT(warnings_of(fixture), ElementsAre("f:1:1: warning: the file names no topic"));
  fixture.is_strict = true;
  EXPECT_THAT(fixture.mistakes(), ElementsAre("f:1:1: the file names no topic"));
  EXPECT_THAT(fixture.load().desired.warnings, IsEmpty());
}

TEST(Findings, AnEmptyFileDeletesNothingUnlessItIsConfirmed) {
  ProvisionFixture fixture{.files = {{"f", ""}}};
  fixture.admin.topics["p-old"] = {};
  fixture.observe_options.prune_prefix = "p-";
  fixture.plan_options.prune = true;
  EXPECT_THAT(fixture.violations(),
              ElementsAre("f:1:1: the file names no topic, so --prune would delete all that its prefix allows: if that "
                          "is meant, add --confirm-empty f"));
  EXPECT_THAT(fixture.plan().actions, IsEmpty());
  fixture.plan_options.may_be_empty = true;
  ASSERT_TRUE(fixture.apply().is_complete());
  EXPECT_THAT(fixture.admin.topics, IsEmpty());
}

}  // namespace
}  // namespace omashu::provision
