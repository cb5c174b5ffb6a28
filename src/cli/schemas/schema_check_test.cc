#include "cli/schemas/schema_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema_registry/client/testing/memory_registry.h"

namespace omashu::cli {
namespace {

using schema_registry::Reference;
using schema_registry::testing::MemoryRegistry;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kOld = R"({"type":"record","name":"R","fields":[{"name":"a","type":"string"}]})";
constexpr const char* kNew = R"({"type":"record","name":"R","fields":[
  {"name":"a","type":"string"},
  {"name":"b","type":"int"}]})";

TEST(SchemaCheck, AConflictHasItsPlaceInTheFile) {
  const std::vector<avro::VersionedSchema> versions = {{3, avro::Schema::parse(kOld).value()}};
  const auto conflicts =
      find_conflicts(avro::CompatibilityLevel::kBackward, kNew, avro::Schema::parse(kNew).value(), versions);
  ASSERT_THAT(conflicts, SizeIs(1));
  EXPECT_EQ(conflicts[0].type, "READER_FIELD_MISSING_DEFAULT_VALUE");
  EXPECT_EQ(conflicts[0].position->line, 3u);
  EXPECT_THAT(conflict_text("r.avsc", conflicts[0]),
              HasSubstr("r.avsc:3:3: version 3: this cannot read what that version wrote: "
                        "READER_FIELD_MISSING_DEFAULT_VALUE at /fields/1: "));
  EXPECT_EQ(conflict_json(conflicts[0]).find("line")->as_int64(), 3);
}

TEST(SchemaCheck, WhereTheOldVersionIsTheReaderThereIsNoPlaceInTheFile) {
  const std::vector<avro::VersionedSchema> versions = {{3, avro::Schema::parse(kNew).value()}};
  const auto conflicts =
      find_conflicts(avro::CompatibilityLevel::kForward, kOld, avro::Schema::parse(kOld).value(), versions);
  ASSERT_THAT(conflicts, SizeIs(1));
  EXPECT_EQ(conflicts[0].position, std::nullopt);
  EXPECT_THAT(conflict_text("r.avsc", conflicts[0]),
              HasSubstr("r.avsc: version 3: that version cannot read what this writes: "));
  EXPECT_TRUE(conflict_json(conflicts[0]).find("line")->is_null());
  EXPECT_THAT(find_conflicts(avro::CompatibilityLevel::kNone, kOld, avro::Schema::parse(kOld).value(), versions),
              IsEmpty());
}

TEST(SchemaCheck, TypesThatTheFileUsesAreFound) {
  MemoryRegistry registry;
  const std::string source = R"({"type":"enum","name":"Source","namespace":"x","symbols":["A"]})";
  ASSERT_TRUE(registry.register_schema("x.Source", {.schema = source}, false));
  const std::string text = R"({"type":"record","name":"R","fields":[{"name":"s","type":"x.Source"}]})";
  const auto found = with_references(registry, text, nullptr);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(found->references, ElementsAre(Reference{"x.Source", "x.Source", 1}));

  const schema_registry::SubjectVersion latest{
      .subject = "s",
      .version = 1,
      .id = {},
      .guid = {},
      .text = {.schema = text, .references = {{"x.Source", "source-value", 4}}}};
  EXPECT_THAT(with_references(registry, text, &latest)->references,
              ElementsAre(Reference{"x.Source", "source-value", 4}));
  const auto missing = with_references(registry, R"({"type":"array","items":"x.Nowhere"})", &latest);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("the type x.Nowhere is not defined"));
  EXPECT_EQ(missing.error().position->column, 25u);
}

}  // namespace
}  // namespace omashu::cli
