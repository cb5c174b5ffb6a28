#include "schema_registry/server/registration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema_registry/server/deletion.h"
#include "schema_registry/server/testing/memory_topic.h"
#include "schema_registry/server/testing/requests.h"

namespace omashu::schema_registry::server {
namespace {

using ::testing::ElementsAre;
using testing::field;
using ::testing::HasSubstr;
using testing::MemoryTopic;
using testing::record;
using testing::registration;

class RegistrationTest : public ::testing::Test {
 protected:
  // The answer, or the code of the error.
  std::string put(const Registration& wanted) { return topic_.write(register_schema(store(), wanted)); }
  std::string put(const std::string& subject, const std::string& schema) { return put(registration(subject, schema)); }

  ApiError error_of(const Registration& wanted) {
    const auto decision = register_schema(store(), wanted);
    EXPECT_FALSE(decision.has_value());
    return decision ? ApiError() : decision.error();
  }

  std::vector<int> versions_of(const std::string& subject) {
    std::vector<int> versions;
    for (const VersionEntry& entry : store().find_subject(subject)->versions) versions.push_back(entry.version);
    return versions;
  }

  const Store& store() { return topic_.store(); }

  MemoryTopic topic_;
};

TEST_F(RegistrationTest, IdsAndVersionsCountFromOne) {
  EXPECT_EQ(put("a", "\"int\""), R"({"id":1})");
  EXPECT_EQ(put("a", "\"long\""), R"({"id":2})");
  EXPECT_EQ(put("b", "\"string\""), R"({"id":3})");
  EXPECT_THAT(versions_of("a"), ElementsAre(1, 2));
}

TEST_F(RegistrationTest, TheSameSchemaHasTheSameId) {
  EXPECT_EQ(put("a", record("R", field("x", "int"))), R"({"id":1})");
  EXPECT_EQ(put("b", R"( {"name":"R", "type":"record", "fields":[{"type":{"type":"int"},"name":"x"}]} )"),
            R"({"id":1})");
  EXPECT_EQ(put("b", record("R", field("x", "int"))), R"({"id":1})");
  EXPECT_THAT(versions_of("b"), ElementsAre(1));
  EXPECT_EQ(topic_.log().size(), 2) << "what is there is not written again";
  EXPECT_EQ(find_registered(store(), registration("a", record("R", field("x", "int")))).value(), R"({"id":1})");
  EXPECT_EQ(find_registered(store(), registration("c", record("R", field("x", "int")))).value(), std::nullopt);
}

TEST_F(RegistrationTest, NormalizingForgetsTheOrderOfProperties) {
  Registration wanted = registration("a", R"({"type":"int","b":1,"a":2})");
  wanted.normalize = true;
  EXPECT_EQ(put(wanted), R"({"id":1})");
  EXPECT_EQ(store().find("", SchemaId{1})->text.schema, R"({"type":"int","a":2,"b":1})");
  topic_.append(config_record("b", {.normalize = true}));
  EXPECT_EQ(put("b", R"({"type":"int","a":2,"b":1})"), R"({"id":1})");
  EXPECT_EQ(put("c", R"({"type":"int","b":1,"a":3})"), R"({"id":2})");
}

TEST_F(RegistrationTest, TheOrderOfCustomPropertiesMakesNoOtherSchema) {
  const std::string first = R"({"type":"record","name":"R","fields":[],"b":1,"a":[2,1]})";
  const std::string other = R"({"type":"record","name":"R","fields":[],"a":[2,1],"b":1})";
  EXPECT_EQ(put("a", first), R"({"id":1})");
  EXPECT_EQ(put("a", other), R"({"id":1})");
  EXPECT_EQ(put("b", other), R"({"id":1})");
  EXPECT_THAT(versions_of("a"), ElementsAre(1));
  EXPECT_THAT(versions_of("b"), ElementsAre(1));
  EXPECT_EQ(store().find("", SchemaId{1})->text.schema, first) << "one id has one text";
  EXPECT_EQ(put("c", R"({"type":"record","name":"R","fields":[],"a":[1,2],"b":1})"), R"({"id":2})");
  EXPECT_EQ(put("c", R"({"type":"record","name":"R","fields":[],"a":[2,1],"b":"1"})"), R"({"id":3})");
  EXPECT_EQ(topic_.read_again().find_subject("b")->versions.front().content->id, SchemaId{1});
}

TEST_F(RegistrationTest, ADefaultMustSuitItsType) {
  const std::string bad = record("R", field("x", "int", R"(,"default":"none")"));
  EXPECT_EQ(put("a", bad), "42201");
  topic_.append(schema_record({.subject = "old", .version = 1, .id = SchemaId{7}, .text = {.schema = bad}}));
  EXPECT_EQ(put("old", bad), R"({"id":7})") << "what is stored stays what it is";
  EXPECT_EQ(put("old", record("R", field("x", "int", R"(,"default":1)"))), R"({"id":8})");
  EXPECT_EQ(put("new", bad), "42201");
  Registration import = registration("import", bad);
  import.request.id = SchemaId{7};
  topic_.append(mode_record("import", Mode::kImport));
  EXPECT_EQ(put(import), R"({"id":7})");
}

TEST_F(RegistrationTest, AReferenceMayMeanTheLatestVersion) {
  put("part", record("Part", field("x", "int")));
  put("part", record("Part", field("x", "int") + "," + field("y", "int", R"(,"default":0)")));
  const std::string whole = record("Whole", field("part", "Part"));
  EXPECT_EQ(put(registration("whole", whole, {{"Part", "part", -1}})), R"({"id":3})");
  EXPECT_EQ(store().find("", SchemaId{3})->text.references.front().version, 2);
  EXPECT_EQ(put(registration("whole", whole, {{"Part", "part", -1}})), R"({"id":3})");
  EXPECT_EQ(put(registration("whole", whole, {{"Part", "nothing", -1}})), "42201");
}

TEST_F(RegistrationTest, WhatIsNoAvroSchemaIsRefused) {
  EXPECT_EQ(put("a", "{"), "42201");
  EXPECT_EQ(put("a", ""), "42201");
  EXPECT_EQ(put("a", "\"unknown.Type\""), "42201");
  Registration json = registration("a", "{}");
  json.request.text.schema_type = "JSON";
  EXPECT_EQ(error_of(json).code, error_code::kInvalidSchema);
  EXPECT_THAT(error_of(json).message, HasSubstr("Avro schemas alone"));
  EXPECT_THAT(error_of(registration("a", "{\n\"type\":7}")).message, HasSubstr("line 2"));
  EXPECT_EQ(put("", "\"int\""), "42208");
  EXPECT_EQ(put(":.c:", "\"int\""), "42208");
  EXPECT_EQ(put("a\nb", "\"int\""), "42208");
  EXPECT_EQ(find_registered(store(), registration("a", "{")).error().code, error_code::kInvalidSchema);
}

TEST_F(RegistrationTest, AnIncompatibleSchemaIsRefusedWithReasons) {
  put("a", record("R", field("x", "int")));
  const ApiError error = error_of(registration("a", record("R", field("x", "int") + "," + field("y", "int"))));
  EXPECT_EQ(error.status, 409);
  EXPECT_EQ(error.code, error_code::kIncompatible);
  EXPECT_THAT(error.message, HasSubstr("READER_FIELD_MISSING_DEFAULT_VALUE"));
  EXPECT_THAT(error.message, HasSubstr("{oldSchemaVersion: 1}"));
  EXPECT_THAT(error.message, HasSubstr("compatibility: 'BACKWARD'"));

  topic_.append(config_record("a", {.level = avro::CompatibilityLevel::kForward}));
  EXPECT_EQ(put("a", record("R", field("x", "int") + "," + field("y", "int"))), R"({"id":2})");
}

TEST_F(RegistrationTest, TransitiveLevelsLookAtAllVersions) {
  topic_.append(config_record("", {.level = avro::CompatibilityLevel::kNone}));
  put("a", record("R", field("x", "string")));
  put("a", record("R", ""));
  topic_.append(config_record("", {.level = avro::CompatibilityLevel::kBackward}));
  const std::string third = record("R", field("x", "int", R"(,"default":0)"));
  EXPECT_TRUE(register_schema(store(), registration("a", third)).has_value());
  topic_.append(config_record("", {.level = avro::CompatibilityLevel::kBackwardTransitive}));
  EXPECT_EQ(error_of(registration("a", third)).status, 409);
}

TEST_F(RegistrationTest, ReferencesAreResolved) {
  put("part", record("n.Part", field("x", "int")));
  const std::string whole = record("n.Whole", field("part", "n.Part"));
  EXPECT_EQ(put("whole", whole), "42201");
  EXPECT_EQ(put(registration("whole", whole, {{"n.Part", "part", 2}})), "42201");
  EXPECT_EQ(put(registration("whole", whole, {{"n.Part", "part", 1}})), R"({"id":2})");
  EXPECT_EQ(store().find("", SchemaId{2})->text.schema,
            R"({"type":"record","name":"Whole","namespace":"n","fields":[{"name":"part","type":"Part"}]})");
  const std::string outer = record("Outer", field("whole", "n.Whole"));
  EXPECT_EQ(put(registration("outer", outer, {{"n.Whole", "whole", 1}})), R"({"id":3})");
}

TEST_F(RegistrationTest, ASchemaWithItsReferencesWrittenOutIsTheSame) {
  put("part", record("Part", field("x", "int")));
  put(registration("whole", record("Whole", field("part", "Part")), {{"Part", "part", 1}}));
  const std::string written_out =
      R"({"type":"record","name":"Whole","fields":[{"name":"part","type":)" + record("Part", field("x", "int")) + "}]}";
  EXPECT_EQ(put("whole", written_out), R"({"id":2})");
  EXPECT_THAT(versions_of("whole"), ElementsAre(1));
}

TEST_F(RegistrationTest, ReferencesThatChaseEachOtherEnd) {
  for (const auto& [subject, other] : {std::pair("a", "b"), std::pair("b", "a")}) {
    topic_.append(schema_record({.subject = subject,
                                 .version = 1,
                                 .id = SchemaId{subject[0]},
                                 .text = {.schema = record(subject, ""), .references = {{other, other, 1}}}}));
  }
  const ApiError error = error_of(registration("c", record("C", field("x", "a")), {{"a", "a", 1}}));
  EXPECT_EQ(error.code, error_code::kInvalidSchema);
  EXPECT_THAT(error.message, HasSubstr("without end"));
}

TEST_F(RegistrationTest, AnnotationsAreInheritedAndPartOfTheIdentity) {
  Registration wanted = registration("a", "\"int\"");
  wanted.request.annotations.metadata = R"({"properties":{"owner":"x"}})";
  EXPECT_EQ(put(wanted), R"({"id":1})");
  EXPECT_EQ(put("a", "\"int\""), R"({"id":1})") << "a client that knows nothing of them changes nothing";
  EXPECT_EQ(put("b", "\"int\""), R"({"id":2})");
  EXPECT_EQ(put("a", "\"long\""), R"({"id":3})");
  EXPECT_EQ(store().find("", SchemaId{3})->all_annotations().metadata, wanted.request.annotations.metadata);

  wanted.request.text.schema = "";
  wanted.request.annotations.metadata = R"({"properties":{"owner":"y"}})";
  EXPECT_EQ(put(wanted), R"({"id":4})") << "the latest schema with other metadata";
  EXPECT_EQ(store().find("", SchemaId{4})->text.schema, "\"long\"");
}

TEST_F(RegistrationTest, ADeletedVersionComesAgainUnderTheNextNumber) {
  put("a", "\"int\"");
  put("b", "\"int\"");
  topic_.write(delete_subject(store(), "a", false));
  EXPECT_EQ(put("a", "\"int\""), R"({"id":1})");
  EXPECT_THAT(versions_of("a"), ElementsAre(2)) << "the deleted one is replaced";
  EXPECT_NE(store().find("", SchemaId{1}), nullptr);
}

TEST_F(RegistrationTest, ADeletedVersionThatIsReferredToStays) {
  put("part", record("Part", ""));
  put(registration("whole", record("Whole", field("part", "Part")), {{"Part", "part", 1}}));
  topic_.write(delete_subject(store(), "whole", false));
  topic_.write(delete_subject(store(), "part", false));
  EXPECT_EQ(put("part", record("Part", "")), R"({"id":1})");
  EXPECT_THAT(versions_of("part"), ElementsAre(1, 2));
}

TEST_F(RegistrationTest, ModesDecideWhoMayRegister) {
  topic_.append(mode_record("", Mode::kReadOnly));
  EXPECT_EQ(put("a", "\"int\""), "42205");
  topic_.append(mode_record("", Mode::kReadWrite));
  Registration import = registration("a", "\"int\"");
  import.request.id = SchemaId{70};
  EXPECT_EQ(put(import), "42205");
  topic_.append(mode_record("a", Mode::kImport));
  EXPECT_EQ(put("a", "\"int\""), "42205");
  EXPECT_EQ(put(import), R"({"id":70})");
  EXPECT_EQ(put("b", "\"long\""), R"({"id":71})");
}

TEST_F(RegistrationTest, AnImportMayLeaveVersionsOutAndBreakCompatibility) {
  topic_.append(mode_record("a", Mode::kImport));
  Registration import = registration("a", "\"int\"");
  import.request.id = SchemaId{7};
  import.request.version = 3;
  EXPECT_EQ(put(import), R"({"id":7})");
  import = registration("a", "\"string\"");
  import.request.id = SchemaId{5};
  import.request.version = 1;
  EXPECT_EQ(put(import), R"({"id":5})");
  EXPECT_THAT(versions_of("a"), ElementsAre(1, 3));

  import.request.text.schema = "\"float\"";
  EXPECT_EQ(put(import), "42205") << "the id is another schema's";
  import.request.id = SchemaId{8};
  EXPECT_EQ(put(import), "42205") << "the version is another schema's";
}

TEST_F(RegistrationTest, AVersionMayBeExpected) {
  Registration wanted = registration("a", "\"int\"");
  wanted.request.version = 2;
  EXPECT_EQ(put(wanted), "42201");
  wanted.request.version = 1;
  EXPECT_EQ(put(wanted), R"({"id":1})");
  EXPECT_EQ(put(wanted), R"({"id":1})");
}

TEST_F(RegistrationTest, ContextsAreNotedAndHaveIdsOfTheirOwn) {
  put("a", "\"int\"");
  put("a", "\"long\"");
  EXPECT_EQ(put(":.c:a", "\"long\""), R"({"id":1})");
  EXPECT_EQ(put(":.c:b", "\"long\""), R"({"id":1})");
  EXPECT_THAT(store().contexts(), ElementsAre(":.c:"));
  EXPECT_EQ(topic_.log()[2].record, context_record(".c"));
  EXPECT_EQ(topic_.log().size(), 5);
}

TEST_F(RegistrationTest, ClientsOfTodayAreToldMore) {
  Registration wanted = registration("a", "\"int\"");
  wanted.tells_all = true;
  const std::string answer =
      R"({"version":1,"id":1,"guid":"ef524ea1-b91e-7317-3d93-8ade36c1db32","schemaType":"AVRO","schema":"\"int\""})";
  EXPECT_EQ(put(wanted), answer);
  EXPECT_EQ(put(wanted), answer);
}

TEST_F(RegistrationTest, IdsEndWithThirtyTwoBits) {
  topic_.append(
      schema_record({.subject = "a", .version = 1, .id = SchemaId{2147483647}, .text = {.schema = "\"int\""}}));
  EXPECT_EQ(put("a", "\"long\""), "50001");
  EXPECT_EQ(put("b", "\"int\""), R"({"id":2147483647})");
  EXPECT_EQ(topic_.log().size(), 2) << "no gap in the ids is written down";
}

}  // namespace
}  // namespace omashu::schema_registry::server
