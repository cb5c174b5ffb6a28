// What is wrong, or most likely not meant, in all the files of one run.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/testing/scene.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> warnings_of(const Scene& scene) {
  std::vector<std::string> texts;
  const LoadedDesired loaded = scene.load();
  for (const Mistake& mistake : loaded.mistakes) ADD_FAILURE() << mistake_text(mistake);
  for (const Mistake& warning : loaded.desired.warnings) texts.push_back(warning_text(warning));
  return texts;
}

TEST(Findings, EveryMistakeOfEveryFileInOneRun) {
  const Scene scene{.files = {{"f",
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
      scene.mistakes(),
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
  const Scene scene{.files = {{"f", "a 1 1 a.avsc 0 delete 1\nb 1 1 b.avsc 0 delete 0\n"},
                              {"a.avsc",
                               "{\"type\":\"record\",\"name\":\"A\",\"fields\":[\n"
                               "{\"name\":\"x\",\"type\":\"B\",\"default\":{}},\n"
                               "{\"name\":\"y\",\"type\":[\"B\",\"null\",\"B\"]}]}"},
                              {"b.avsc", record("B")}}};
  EXPECT_THAT(scene.mistakes(),
              ElementsAre("a.avsc:2:34: the default of the field x lacks the field id of B, which has no default of "
                          "its own",
                          "a.avsc:3:32: the union holds B twice: types without a name may stand in it once, named "
                          "types once for each name"));
}

TEST(Findings, AnUnknownTypeSuggestsTheNearestOfTheFiles) {
  Scene scene{.files = {{"f", "a 1 1 a.avsc 0 delete 1\nb 1 1 b.avsc 0 delete 0\n"},
                        {"a.avsc", record_of("n.A", "downloads.DownloadSorce")},
                        {"b.avsc", record("downloads.DownloadSource")}}};
  const auto note = [&scene] {
    const Desired desired = scene.desired();
    for (const DesiredSchema& schema : desired.schemas) {
      for (const Link& link : schema.links) return foreign_type_text(schema, link);
    }
    return std::string();
  };
  EXPECT_EQ(note(),
            "a.avsc:1:61: note: the type downloads.DownloadSorce is defined by none of the files: it must come from "
            "the registry: did you mean downloads.DownloadSource, of b.avsc?");
  EXPECT_THAT(scene.violations(),
              ElementsAre("a.avsc:1:61: the type downloads.DownloadSorce is defined by no schema file of the list and "
                          "by no subject's latest version in the registry: did you mean downloads.DownloadSource, of "
                          "b.avsc?"));
  scene.files["a.avsc"] = record_of("n.A", "DownloadSource");  // in another namespace
  EXPECT_EQ(note(),
            "a.avsc:1:61: note: the type n.DownloadSource is defined by none of the files: it must come from the "
            "registry: did you mean downloads.DownloadSource, of b.avsc?");
  scene.files["a.avsc"] = record_of("n.A", "x.Elsewhere");
  EXPECT_EQ(note(),
            "a.avsc:1:61: note: the type x.Elsewhere is defined by none of the files: it must come from the "
            "registry");
}

TEST(Findings, CommentsAreStrippedBeforeASchemaIsRegistered) {
  Scene scene{.files = {{"f", "a 1 1 a.avsc 0 delete 0\n"},
                        {"a.avsc", "// what it is\n{\"type\": \"string\" /* of text */}\n"}}};
  ASSERT_TRUE(scene.apply().is_complete());
  EXPECT_EQ(scene.registry.held.at("a-value").at(1).text.schema, "\"string\"");
  scene.files["a.avsc"] = "// what it is\n{\"type\": \"string\" /* open";
  EXPECT_THAT(scene.mistakes(), ElementsAre(testing::StartsWith("a.avsc:2:19: ")));
}

TEST(Findings, WarningsAreOfWhatIsMostLikelyNotMeant) {
  const Scene scene{
      .files = {
          {"f",
           "a 1 1 a.avsc 0 delete 1 min.insync.replicas=2\n"
           "b 1 2 - 0 delete 1 min.insync.replicas=2\n"
           "a 1 1 a.avsc no delete yes min.insync.replicas=2\n"},
          {"a.avsc", R"({"type":"record","name":"A","fields":[{"name":"x","type":"int","logicalType":"date"}]})"}}};
  EXPECT_THAT(warnings_of(scene),
              ElementsAre("f:1:25: warning: topic a: min.insync.replicas is 2, above the replication factor 1: a "
                          "producer with acks=all could never write",
                          "f:3:1: warning: topic a: line 1 says the same; keep one of the rows",
                          testing::StartsWith("a.avsc:1:64: warning: \"logicalType\" stands beside the type")));
}

TEST(Findings, StrictTakesWarningsForMistakes) {
  Scene scene{.files = {{"f", "# nothing yet\n"}}};
  EXPECT_THAT(warnings_of(scene), ElementsAre("f:1:1: warning: the file names no topic"));
  scene.is_strict = true;
  EXPECT_THAT(scene.mistakes(), ElementsAre("f:1:1: the file names no topic"));
  EXPECT_THAT(scene.load().desired.warnings, IsEmpty());
}

TEST(Findings, AnEmptyFileDeletesNothingUnlessItIsConfirmed) {
  Scene scene{.files = {{"f", ""}}};
  scene.admin.topics["p-old"] = {};
  scene.observe_options.prune_prefix = "p-";
  scene.plan_options.prune = true;
  EXPECT_THAT(scene.violations(),
              ElementsAre("f:1:1: the file names no topic, so --prune would delete all that its prefix allows: if that "
                          "is meant, add --confirm-empty f"));
  EXPECT_THAT(scene.plan().actions, IsEmpty());
  scene.plan_options.may_be_empty = true;
  ASSERT_TRUE(scene.apply().is_complete());
  EXPECT_THAT(scene.admin.topics, IsEmpty());
}

}  // namespace
}  // namespace omashu::provision
