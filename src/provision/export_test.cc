#include "provision/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/testing/provision_fixture.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Key;
using testing::UnorderedElementsAre;

Export export_of(ProvisionFixture& fixture, const ExportOptions& options = {}) {
  return export_cluster(read_live_cluster(fixture.admin, fixture.registry, options).value(), options);
}

// The exported folder, applied to the servers it came from.
Plan plan_again(const ProvisionFixture& fixture, const Export& exported, const ExportOptions& options = {}) {
  ProvisionFixture again = fixture;
  again.files = exported.files;
  again.files["f"] = exported.files.at(std::string(kExportedFileName));
  again.strategy = options.strategy;
  return again.plan();
}

TEST(Export, AppliesAgainToNoChange) {
  ProvisionFixture fixture{.files = {{"f",
                                      "a 3 1 a.avsc 1 compact 1 min.cleanable.dirty.ratio=0.1 retention.ms=5\n"
                                      "b 1 1 b.avsc 0 compact,delete 1\n"
                                      "c 1 1 c.avsc 0 delete 0\n"
                                      "d 2 1 - 1 delete 1\n"
                                      "e 2 1 - 0 delete 1\n"},
                                     {"a.avsc", record_of("n.A", "C")},
                                     {"a-key.avsc", record("n.K")},
                                     {"b.avsc", record_of("n.B", "n.A")},
                                     {"c.avsc", record("n.C")},
                                     {"d-key.avsc", "\"string\""}}};
  ASSERT_TRUE(fixture.apply().is_complete());
  fixture.admin.topics["__consumer_offsets"] = {};
  fixture.admin.topics["_schemas"] = {};
  const Export exported = export_of(fixture);
  EXPECT_THAT(exported.warnings, IsEmpty());
  EXPECT_EQ(exported.topics, 4u);
  EXPECT_EQ(exported.schemas, 5u);
  EXPECT_EQ(exported.files.at(std::string(kExportedFileName)),
            "# Topics and schemas as they were found. `init-kafka topics_and_schemas.txt` makes a cluster agree.\n"
            "\n"
            "topic_name  partitions  replication_factor  schema_file  has_key_schema  cleanup_policy  make_it_topic\n"
            "c           1           1                   c.avsc       false           delete          false\n"
            "a           3           1                   a.avsc       true            compact         true           "
            "min.cleanable.dirty.ratio=0.1 retention.ms=5\n"
            "b           1           1                   b.avsc       false           compact,delete  true\n"
            "d           2           1                   -            true            delete          true\n"
            "e           2           1                   -            false           delete          true\n");
  const Plan plan = plan_again(fixture, exported);
  EXPECT_THAT(plan.actions, IsEmpty());
  EXPECT_EQ(plan.unchanged_topics, 4u);
  EXPECT_EQ(plan.unchanged_schemas, 5u);
}

TEST(Export, TopicsWhoseFilesWouldShareANameGetTheirOwn) {
  ProvisionFixture fixture;
  for (const char* topic : {"a", "a-key"}) fixture.admin.topics[topic] = {};
  fixture.registry.put("a-value", record("A"));
  fixture.registry.put("a-key", record("K"));
  fixture.registry.put("a-key-value", record("V"));
  const Export exported = export_of(fixture);
  EXPECT_THAT(exported.files, UnorderedElementsAre(Key("topics_and_schemas.txt"), Key("a.avsc"), Key("a-key.avsc"),
                                                   Key("a-key-2.avsc")));
  EXPECT_THAT(plan_again(fixture, exported).actions, IsEmpty());
}

TEST(Export, ALoneKeysFileIsItsOwn) {
  ProvisionFixture fixture;
  for (const char* topic : {"a", "a-key"}) fixture.admin.topics[topic] = {};
  fixture.registry.put("a-key", record("K"));
  fixture.registry.put("a-key-value", record("V"));
  EXPECT_THAT(plan_again(fixture, export_of(fixture)).actions, IsEmpty());
}

TEST(Export, ReferencesThatLagArePinned) {
  ProvisionFixture fixture;
  for (const char* topic : {"a", "b"}) fixture.admin.topics[topic] = {};
  fixture.registry.put("b-value", record("B"));
  fixture.registry.put("a-value", record_of("A", "B"), {{"B", "b-value", 1}});
  fixture.registry.put("b-value", R"({"type":"record","name":"B","fields":[{"name":"id","type":"string"},)"
                                  R"({"name":"more","type":"string","default":""}]})");
  const Export exported = export_of(fixture);
  EXPECT_THAT(exported.warnings, IsEmpty());
  EXPECT_THAT(exported.files.at(std::string(kExportedFileName)), testing::HasSubstr("  reference.b-value=1\n"));
  EXPECT_THAT(plan_again(fixture, exported).actions, IsEmpty());
  EXPECT_EQ(plan_again(fixture, exported).unchanged_schemas, 2u);
  // Those that name another subject are found in the registry, and pinned too.
  EXPECT_THAT(plan_again(fixture, export_of(fixture, {.prefix = "a"})).actions, IsEmpty());

  fixture.registry.held.at("b-value").erase(2);
  EXPECT_THAT(export_of(fixture).files.at(std::string(kExportedFileName)),
              testing::Not(testing::HasSubstr("reference.")));
}

TEST(Export, APrefixChooses) {
  ProvisionFixture fixture;
  for (const char* topic : {"x.a", "y.b"}) fixture.admin.topics[topic] = {};
  fixture.registry.put("x.a-value", record("A"));
  fixture.registry.put("y.b-value", record("B"));
  const Export exported = export_of(fixture, {.prefix = "x."});
  EXPECT_THAT(exported.files, UnorderedElementsAre(Key("topics_and_schemas.txt"), Key("x.a.avsc")));
}

TEST(Export, WarnsOfWhatItCannotSay) {
  ProvisionFixture fixture;
  fixture.admin.topics["t"] = {1, 1, {{"some.list", "a, b"}}};
  fixture.registry.put("n.Record", record("n.Record"));
  fixture.registry.put("t-value", "{}");
  fixture.registry.held["t-value"].at(1).text.schema_type = "JSON";
  EXPECT_THAT(
      export_of(fixture).warnings,
      UnorderedElementsAre("topic t: the value of some.list has spaces in it, which the file cannot say: left out",
                           "subject n.Record is not named as TopicNameStrategy names subjects: not exported",
                           "subject t-value holds a schema of type JSON: not exported"));
}

TEST(Export, TheOtherStrategies) {
  ProvisionFixture fixture;
  fixture.admin.topics["t"] = {1, 1, {}};
  fixture.registry.put("n.A", record("n.A"));
  ExportOptions options{.prefix = "", .strategy = serde::SubjectNameStrategy::kRecordName};
  EXPECT_THAT(plan_again(fixture, export_of(fixture, options), options).actions, IsEmpty());

  fixture.registry.held.clear();
  fixture.registry.put("t-n.A", record("n.A"));
  fixture.registry.put("t-n.B", record("n.B"));
  options.strategy = serde::SubjectNameStrategy::kTopicRecordName;
  const Export exported = export_of(fixture, options);
  EXPECT_EQ(exported.schemas, 2u);
  EXPECT_THAT(exported.warnings, IsEmpty());
  EXPECT_THAT(plan_again(fixture, exported, options).actions, IsEmpty());
}

}  // namespace
}  // namespace omashu::provision
