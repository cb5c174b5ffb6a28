#include "provision/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provision/testing/scene.h"

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Key;
using testing::UnorderedElementsAre;

Export export_of(Scene& scene, const ExportOptions& options = {}) {
  return export_cluster(read_live_cluster(scene.admin, scene.registry, options).value(), options);
}

// The exported folder, applied to the servers it came from.
Plan plan_again(const Scene& scene, const Export& exported, const ExportOptions& options = {}) {
  Scene again = scene;
  again.files = exported.files;
  again.files["f"] = exported.files.at(std::string(kExportedFileName));
  again.strategy = options.strategy;
  return again.plan();
}

TEST(Export, AppliesAgainToNoChange) {
  Scene scene{.files = {{"f",
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
  ASSERT_TRUE(scene.apply().is_complete());
  scene.admin.topics["__consumer_offsets"] = {};
  scene.admin.topics["_schemas"] = {};
  const Export exported = export_of(scene);
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
  const Plan plan = plan_again(scene, exported);
  EXPECT_THAT(plan.actions, IsEmpty());
  EXPECT_EQ(plan.unchanged_topics, 4u);
  EXPECT_EQ(plan.unchanged_schemas, 5u);
}

TEST(Export, TopicsWhoseFilesWouldShareANameGetTheirOwn) {
  Scene scene;
  for (const char* topic : {"a", "a-key"}) scene.admin.topics[topic] = {};
  scene.registry.put("a-value", record("A"));
  scene.registry.put("a-key", record("K"));
  scene.registry.put("a-key-value", record("V"));
  const Export exported = export_of(scene);
  EXPECT_THAT(exported.files, UnorderedElementsAre(Key("topics_and_schemas.txt"), Key("a.avsc"), Key("a-key.avsc"),
                                                   Key("a-key-2.avsc")));
  EXPECT_THAT(plan_again(scene, exported).actions, IsEmpty());
}

TEST(Export, ALoneKeysFileIsItsOwn) {
  Scene scene;
  for (const char* topic : {"a", "a-key"}) scene.admin.topics[topic] = {};
  scene.registry.put("a-key", record("K"));
  scene.registry.put("a-key-value", record("V"));
  EXPECT_THAT(plan_again(scene, export_of(scene)).actions, IsEmpty());
}

TEST(Export, ReferencesThatLagArePinned) {
  Scene scene;
  for (const char* topic : {"a", "b"}) scene.admin.topics[topic] = {};
  scene.registry.put("b-value", record("B"));
  scene.registry.put("a-value", record_of("A", "B"), {{"B", "b-value", 1}});
  scene.registry.put("b-value", R"({"type":"record","name":"B","fields":[{"name":"id","type":"string"},)"
                                R"({"name":"more","type":"string","default":""}]})");
  const Export exported = export_of(scene);
  EXPECT_THAT(exported.warnings, IsEmpty());
  EXPECT_THAT(exported.files.at(std::string(kExportedFileName)), testing::HasSubstr("  reference.b-value=1\n"));
  EXPECT_THAT(plan_again(scene, exported).actions, IsEmpty());
  EXPECT_EQ(plan_again(scene, exported).unchanged_schemas, 2u);
  // Those that name another subject are found in the registry, and pinned too.
  EXPECT_THAT(plan_again(scene, export_of(scene, {.prefix = "a"})).actions, IsEmpty());

  scene.registry.held.at("b-value").erase(2);
  EXPECT_THAT(export_of(scene).files.at(std::string(kExportedFileName)),
              testing::Not(testing::HasSubstr("reference.")));
}

TEST(Export, APrefixChooses) {
  Scene scene;
  for (const char* topic : {"x.a", "y.b"}) scene.admin.topics[topic] = {};
  scene.registry.put("x.a-value", record("A"));
  scene.registry.put("y.b-value", record("B"));
  const Export exported = export_of(scene, {.prefix = "x."});
  EXPECT_THAT(exported.files, UnorderedElementsAre(Key("topics_and_schemas.txt"), Key("x.a.avsc")));
}

TEST(Export, WarnsOfWhatItCannotSay) {
  Scene scene;
  scene.admin.topics["t"] = {1, 1, {{"some.list", "a, b"}}};
  scene.registry.put("n.Record", record("n.Record"));
  scene.registry.put("t-value", "{}");
  scene.registry.held["t-value"].at(1).text.schema_type = "JSON";
  EXPECT_THAT(
      export_of(scene).warnings,
      UnorderedElementsAre("topic t: the value of some.list has spaces in it, which the file cannot say: left out",
                           "subject n.Record is not named as TopicNameStrategy names subjects: not exported",
                           "subject t-value holds a schema of type JSON: not exported"));
}

TEST(Export, TheOtherStrategies) {
  Scene scene;
  scene.admin.topics["t"] = {1, 1, {}};
  scene.registry.put("n.A", record("n.A"));
  ExportOptions options{.prefix = "", .strategy = serde::SubjectNameStrategy::kRecordName};
  EXPECT_THAT(plan_again(scene, export_of(scene, options), options).actions, IsEmpty());

  scene.registry.held.clear();
  scene.registry.put("t-n.A", record("n.A"));
  scene.registry.put("t-n.B", record("n.B"));
  options.strategy = serde::SubjectNameStrategy::kTopicRecordName;
  const Export exported = export_of(scene, options);
  EXPECT_EQ(exported.schemas, 2u);
  EXPECT_THAT(exported.warnings, IsEmpty());
  EXPECT_THAT(plan_again(scene, exported, options).actions, IsEmpty());
}

}  // namespace
}  // namespace omashu::provision
