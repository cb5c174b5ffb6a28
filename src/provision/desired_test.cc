#include "provision/desired.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

std::vector<std::string> subjects_of(const Desired& desired) {
  std::vector<std::string> names;
  for (const DesiredSubject& subject : desired.subjects) {
    names.push_back(subject.name + " " + desired.schemas[subject.schema].file.path);
  }
  return names;
}

std::vector<std::string> files_in_order(const Desired& desired) {
  std::vector<std::string> paths;
  for (const DesiredSchema& schema : desired.schemas) paths.push_back(schema.file.path);
  return paths;
}

TEST(Desired, TopicsAndSubjectsOfAFile) {
  const ProvisionFixture fixture{.files = {{"f",
                                            "t 3 1 t.avsc true compact true retention.ms=5\n"
                                            "s 1 1 s.avsc false delete false\n"},
                                           {"t.avsc", record("T")},
                                           {"t-key.avsc", "\"string\""},
                                           {"s.avsc", record("S")}}};
  const Desired desired = fixture.desired();
  ASSERT_EQ(desired.topics.size(), 1u);
  EXPECT_EQ(desired.topics[0].name, "t");
  EXPECT_THAT(desired.topics[0].configs,
              UnorderedElementsAre(Pair("cleanup.policy", "compact"), Pair("retention.ms", "5")));
  EXPECT_EQ(desired.topics[0].places.at("retention.ms"), (Place{"f", {1, 32}}));
  EXPECT_THAT(subjects_of(desired), ElementsAre("t-value t.avsc", "t-key t-key.avsc", "s-value s.avsc"));
}

TEST(Desired, FieldsOfATableAreThoseOfItsSchema) {
  ProvisionFixture fixture{
      .files = {{"f", "t 1 1 t.avsc false compact true index=status,source.url ttl=7d,at\n"},
                {"t.avsc", R"({"type":"record","name":"T","fields":[{"name":"status","type":"string"},
                   {"name":"at","type":"long"},{"name":"source","type":["null",{"type":"record","name":"S","fields":[
                   {"name":"url","type":"string"}]}]}]})"}}};
  EXPECT_THAT(fixture.desired().topics[0].indexes, ElementsAre("status", "source.url"));
  EXPECT_EQ(fixture.desired().topics[0].ttl, "7d,at");
  fixture.files["f"] = "t 1 1 t.avsc false compact true index=stauts,source.uri ttl=7d,now\n";
  EXPECT_THAT(fixture.mistakes(), ElementsAre("f:1:33: index=stauts: T has no field 'stauts': did you mean status?",
                                              "f:1:33: index=source.uri: S has no field 'uri': did you mean url?",
                                              "f:1:57: ttl=7d,now: T has no field 'now'"));
  fixture.files["f"] = "t 1 1 t.avsc false compact true board=status,-,-,att\n";
  EXPECT_THAT(fixture.mistakes(), ElementsAre("f:1:33: board=att: T has no field 'att': did you mean at?"));
  fixture.files["f"] = "t 1 1 t.avsc false compact true board=status,-,-,at\n";
  EXPECT_THAT(fixture.desired().topics[0].board, ElementsAre("status", "-", "-", "at"));
  fixture.files["f"] = "t 1 1 t.avsc false compact true index=at\nt 1 1 t.avsc false compact true index=status\n";
  EXPECT_THAT(fixture.mistakes(),
              ElementsAre("f:2:33: topic t is also in line 1, and differently: index is status here "
                          "and at there; keep one of the rows"));
}

TEST(Desired, SubjectNamesFollowTheStrategy) {
  ProvisionFixture fixture{
      .files = {{"f", "t 1 1 t.avsc true compact true\n"}, {"t.avsc", record("a.T")}, {"t-key.avsc", record("a.K")}}};
  fixture.strategy = serde::SubjectNameStrategy::kRecordName;
  EXPECT_THAT(subjects_of(fixture.desired()), ElementsAre("a.T t.avsc", "a.K t-key.avsc"));
  fixture.strategy = serde::SubjectNameStrategy::kTopicRecordName;
  EXPECT_THAT(subjects_of(fixture.desired()), ElementsAre("t-a.T t.avsc", "t-a.K t-key.avsc"));
  fixture.files["t-key.avsc"] = "\"string\"";
  EXPECT_THAT(fixture.mistakes(), ElementsAre("f:1:7: t-key.avsc defines no named type, which TopicRecordNameStrategy "
                                              "needs: make it a record"));
}

TEST(Desired, ADashIsNoSchema) {
  const ProvisionFixture fixture{
      .files = {{"f", "t 1 1 - false delete true\nu 1 1 - true delete true\n"}, {"u-key.avsc", "\"long\""}}};
  EXPECT_THAT(subjects_of(fixture.desired()), ElementsAre("u-key u-key.avsc"));
  EXPECT_EQ(fixture.desired().topics.size(), 2u);
}

TEST(Desired, SchemasAreFoundBesideTheFileOrInTheirOwnFolder) {
  const FileTexts files = {{"conf/f", "t 1 1 sub/t.avsc false delete true\n"},
                           {"conf/sub/t.avsc", record("T")},
                           {"schemas/sub/t.avsc", record("U")}};
  const auto beside = load_desired({.file = "conf/f", .schemas_dir = ""}, read_from(files)).value();
  EXPECT_THAT(files_in_order(beside.desired), ElementsAre("conf/sub/t.avsc"));
  const auto apart = load_desired({.file = "conf/f", .schemas_dir = "schemas"}, read_from(files)).value();
  EXPECT_THAT(files_in_order(apart.desired), ElementsAre("schemas/sub/t.avsc"));
}

TEST(Desired, AMissingListIsAnErrorAndNoMistake) {
  const FileTexts none;
  const auto loaded = load_desired({.file = "f", .schemas_dir = ""}, read_from(none));
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().message, "cannot read f: No such file or directory");
}

TEST(Desired, ReportsMistakesOfTheListAndOfAllSchemasTogether) {
  const ProvisionFixture fixture{
      .files = {{"f",
                 "t 0 1 missing.avsc true delete true\n"
                 "u 1 1 broken.avsc false delete true\n"
                 "v 1 1 wrong.avsc false delete true\n"},
                {"broken.avsc", "{\n  \"type\": }"},
                {"wrong.avsc", "{\"type\": \"record\",\n \"name\": \"a-b\", \"fields\": []}"}}};
  EXPECT_THAT(fixture.mistakes(),
              ElementsAre("f:1:3: partitions is 0: it must be from 1 to 2147483647, or -1 for as many as the brokers "
                          "give topics by themselves",
                          "f:1:7: cannot read missing.avsc: No such file or directory",
                          "f:1:7: cannot read missing-key.avsc: No such file or directory (has_key_schema asks for it)",
                          testing::StartsWith("broken.avsc:2:11: "), testing::StartsWith("wrong.avsc:2:10: ")));
}

TEST(Desired, TheSameTopicTwiceMustSayTheSame) {
  const std::string first = "t 1 1 t.avsc false delete true retention.ms=5\n";
  const std::pair<const char*, const char*> cases[] = {
      {"t 2 1 t.avsc false delete true retention.ms=5",
       "f:2:3: topic t is also in line 1, and differently: partitions is "
       "2 here and 1 there; keep one of the rows"},
      {"t 1 2 t.avsc false delete true retention.ms=5",
       "f:2:5: topic t is also in line 1, and differently: "
       "replication_factor is 2 here and 1 there; keep one of the rows"},
      {"t 1 1 u.avsc false delete true retention.ms=5",
       "f:2:7: topic t is also in line 1, and differently: schema_file "
       "is u.avsc here and t.avsc there; keep one of the rows"},
      {"t 1 1 t.avsc true delete true retention.ms=5",
       "f:2:14: topic t is also in line 1, and differently: "
       "has_key_schema is true here and false there; keep one of the rows"},
      {"t 1 1 t.avsc false compact true retention.ms=5",
       "f:2:20: topic t is also in line 1, and differently: "
       "cleanup_policy is compact here and delete there; keep one of "
       "the rows"},
      {"t 1 1 t.avsc false delete false retention.ms=5",
       "f:2:27: topic t is also in line 1, and differently: "
       "make_it_topic is false here and true there; keep one of the "
       "rows"},
      {"t 1 1 t.avsc false delete true retention.ms=6",
       "f:2:32: topic t is also in line 1, and differently: "
       "retention.ms is 6 here and 5 there; keep one of the rows"},
      {"t 1 1 t.avsc false delete true",
       "f:2:1: topic t is also in line 1, and differently: retention.ms is not set here "
       "and 5 there; keep one of the rows"},
  };
  for (const auto& [row, mistake] : cases) {
    const ProvisionFixture fixture{
        .files = {{"f", first + row}, {"t.avsc", record("T")}, {"u.avsc", record("U")}, {"t-key.avsc", record("K")}}};
    EXPECT_THAT(fixture.mistakes(), ElementsAre(mistake));
  }
  const ProvisionFixture fixture{
      .files = {{"f", first + "t 1 1 t.avsc no delete yes retention.ms=+5"}, {"t.avsc", record("T")}}};
  EXPECT_EQ(fixture.desired().topics.size(), 1u);
  EXPECT_EQ(fixture.desired().subjects.size(), 1u);
}

TEST(Desired, UnderRecordStrategiesATopicMayHaveSeveralTypes) {
  ProvisionFixture fixture{.files = {{"f", "t 1 1 a.avsc false delete true\nt 1 1 b.avsc false delete true\n"},
                                     {"a.avsc", record("A")},
                                     {"b.avsc", record("B")}}};
  fixture.strategy = serde::SubjectNameStrategy::kTopicRecordName;
  EXPECT_THAT(subjects_of(fixture.desired()), ElementsAre("t-A a.avsc", "t-B b.avsc"));
  EXPECT_EQ(fixture.desired().topics.size(), 1u);
  fixture.files["b.avsc"] = record("A", {"other"});
  EXPECT_THAT(fixture.mistakes(),
              ElementsAre("f:2:7: subject t-A would get this schema and the one of line 1: keep one of them"));
}

TEST(Desired, NamesThatCollideInMetrics) {
  const FileTexts schema = {{"t.avsc", record("T")}};
  ProvisionFixture fixture{.files = schema};
  fixture.files["f"] = "a.b 1 1 t.avsc 0 delete 1\na_b 1 1 t.avsc 0 delete 1\n";
  EXPECT_THAT(fixture.mistakes(),
              ElementsAre("f:2:1: topic a_b collides with a.b of line 1: Kafka names metrics alike for "
                          "'.' and '_'; rename one of them"));
  fixture.files["f"] = "a.b 1 1 t.avsc 0 delete 1\na_b 1 1 t.avsc 0 delete 0\n";  // makes no topic
  EXPECT_THAT(fixture.mistakes(), IsEmpty());
}

TEST(References, OrderIsDerivedFromTheNames) {
  const ProvisionFixture fixture{.files = {{"f",
                                            "top 1 1 top.avsc 0 delete 1\n"
                                            "mid 1 1 mid.avsc 0 delete 1\n"
                                            "leaf 1 1 leaf.avsc 0 delete 0\n"},
                                           {"top.avsc", record_of("n.Top", "Mid")},
                                           {"mid.avsc", record_of("n.Mid", "n.Leaf")},
                                           {"leaf.avsc", record("n.Leaf")}}};
  const Desired desired = fixture.desired();
  EXPECT_THAT(files_in_order(desired), ElementsAre("leaf.avsc", "mid.avsc", "top.avsc"));
  EXPECT_EQ(desired.schemas[2].links[0].type_name, "n.Mid");
  EXPECT_EQ(desired.schemas[2].links[0].target, 1u);
  EXPECT_EQ(desired.schemas[2].level, 2u);
  EXPECT_TRUE(desired.schemas[2].schema.has_value());
}

TEST(References, ABareNameMayBeOneOfTheNullNamespace) {
  const ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 1\nb 1 1 b.avsc 0 delete 0\n"},
                                           {"a.avsc", record_of("n.A", "B")},
                                           {"b.avsc", record("B")}}};
  EXPECT_EQ(fixture.desired().schemas[1].links[0].type_name, "B");
}

TEST(References, CyclesShowTheirPath) {
  const ProvisionFixture fixture{.files = {{"f",
                                            "a 1 1 a.avsc 0 delete 1\n"
                                            "b 1 1 b.avsc 0 delete 1\n"
                                            "c 1 1 c.avsc 0 delete 1\n"
                                            "d 1 1 d.avsc 0 delete 1\n"},
                                           {"a.avsc", record_of("A", "B")},
                                           {"b.avsc", record_of("B", "C")},
                                           {"c.avsc", record_of("C", "B")},
                                           {"d.avsc", record("D")}}};
  EXPECT_THAT(
      fixture.mistakes(),
      ElementsAre("b.avsc:1:59: the schemas refer to each other in a cycle: b.avsc → c.avsc → b.avsc; a registry "
                  "needs one of them first, so define types that need each other in one file"));
}

TEST(References, ATypeMayReferToItself) {
  const ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 1\n"}, {"a.avsc", record_of("n.A", "A")}}};
  EXPECT_THAT(fixture.desired().schemas[0].links, IsEmpty());
}

TEST(References, OfSeveralDefinitionsTheSharedTypeIsMeant) {
  const std::string nested =
      R"({"type":"record","name":"Other","fields":[{"name":"x","type":{"type":"fixed","name":"T","size":2}}]})";
  ProvisionFixture fixture{.files = {{"f",
                                      "other 1 1 other.avsc 0 delete 1\n"
                                      "user 1 1 user.avsc 0 delete 1\n"
                                      "shared 1 1 shared.avsc 0 delete 0\n"},
                                     {"other.avsc", nested},
                                     {"user.avsc", record_of("User", "T")},
                                     {"shared.avsc", R"({"type":"fixed","name":"T","size":3})"}}};
  const Desired desired = fixture.desired();
  EXPECT_EQ(desired.schemas[desired.schemas.back().links[0].target.value()].file.path, "shared.avsc");
}

TEST(References, TwoDefinitionsThatDifferAreAMistakeWhereTheyAreUsed) {
  ProvisionFixture fixture{.files = {{"f",
                                      "a 1 1 a.avsc 0 delete 0\n"
                                      "b 1 1 b.avsc 0 delete 0\n"
                                      "c 1 1 c.avsc 0 delete 1\n"},
                                     {"a.avsc", record("T")},
                                     {"b.avsc", record("T", {"other"})},
                                     {"c.avsc", record("C")}}};
  EXPECT_THAT(fixture.mistakes(), IsEmpty());
  fixture.files["c.avsc"] = record_of("C", "T");
  EXPECT_THAT(fixture.mistakes(), ElementsAre("c.avsc:1:59: the type T is defined by both a.avsc and b.avsc, and "
                                              "differently: keep one of the definitions"));
  fixture.files["b.avsc"] = record("T");
  EXPECT_THAT(fixture.mistakes(), IsEmpty());
}

TEST(References, ATypeThatNobodyDefinesWaitsForTheRegistry) {
  const ProvisionFixture fixture{.files = {{"f", "a 1 1 a.avsc 0 delete 1\nb 1 1 b.avsc 0 delete 1\n"},
                                           {"a.avsc", record_of("A", "x.Far")},
                                           {"b.avsc", record_of("B", "A")}}};
  const Desired desired = fixture.desired();
  EXPECT_FALSE(desired.schemas[0].schema.has_value());
  EXPECT_FALSE(desired.schemas[0].links[0].target.has_value());
  EXPECT_FALSE(desired.schemas[1].schema.has_value());
}

}  // namespace
}  // namespace omashu::provision
