// Beyond what java_oracle_test.cc holds to Java's own answers.

#include "avro/compatibility.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "avro/resolution.h"

namespace omashu::avro {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Schema parse(std::string_view text) {
  const auto schema = Schema::parse(text);
  EXPECT_TRUE(schema.has_value()) << text;
  return schema ? *schema : *Schema::parse("null");
}

const char* const kV1 = R"({"type":"record","name":"R","fields":[{"name":"a","type":"int"}]})";
const char* const kV2Required =
    R"({"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"int"}]})";
const char* const kV2Optional =
    R"({"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"int","default":0}]})";
const char* const kEmpty = R"({"type":"record","name":"R","fields":[]})";

// Version and direction of each conflict, as "1<" where the new schema cannot read version 1, "1>" where version 1
// cannot read the new one's data.
std::vector<std::string> conflicts(CompatibilityLevel level, const char* text, std::vector<const char*> earlier) {
  std::vector<VersionedSchema> versions;
  for (const char* old : earlier) versions.push_back({static_cast<int>(versions.size()) + 1, parse(old)});
  std::vector<std::string> found;
  for (const VersionConflict& conflict : check_compatibility(level, parse(text), versions)) {
    EXPECT_THAT(conflict.incompatibilities, testing::Not(IsEmpty()));
    found.push_back(std::to_string(conflict.version) + (conflict.new_schema_reads_old ? "<" : ">"));
  }
  return found;
}

TEST(CompatibilityLevel, LooksTheRightWay) {
  // A new required field: the old schema reads the new data, not the other way round.
  EXPECT_THAT(conflicts(CompatibilityLevel::kBackward, kV2Required, {kV1}), ElementsAre("1<"));
  EXPECT_THAT(conflicts(CompatibilityLevel::kForward, kV2Required, {kV1}), IsEmpty());
  EXPECT_THAT(conflicts(CompatibilityLevel::kFull, kV2Required, {kV1}), ElementsAre("1<"));
  // A required field removed: the reverse.
  EXPECT_THAT(conflicts(CompatibilityLevel::kBackward, kV1, {kV2Required}), IsEmpty());
  EXPECT_THAT(conflicts(CompatibilityLevel::kForward, kV1, {kV2Required}), ElementsAre("1>"));
  EXPECT_THAT(conflicts(CompatibilityLevel::kFull, "\"int\"", {"\"string\""}), ElementsAre("1>", "1<"));
  EXPECT_THAT(conflicts(CompatibilityLevel::kFull, kV2Optional, {kV1}), IsEmpty());
  EXPECT_THAT(conflicts(CompatibilityLevel::kNone, "\"int\"", {"\"string\""}), IsEmpty());
  EXPECT_THAT(conflicts(CompatibilityLevel::kBackward, kV1, {}), IsEmpty());
}

TEST(CompatibilityLevel, TransitiveOnesWalkFromTheNewest) {
  const std::vector<const char*> history = {kEmpty, "\"int\"", kV1};
  EXPECT_THAT(conflicts(CompatibilityLevel::kBackward, kV1, history), IsEmpty());
  EXPECT_THAT(conflicts(CompatibilityLevel::kBackwardTransitive, kV1, history), ElementsAre("2<", "1<"));
  EXPECT_THAT(conflicts(CompatibilityLevel::kForwardTransitive, kV1, history), ElementsAre("2>"));
  EXPECT_THAT(conflicts(CompatibilityLevel::kFullTransitive, kV1, history), ElementsAre("2>", "2<", "1<"));
}

TEST(CompatibilityLevel, HasConfluentsNames) {
  for (const std::string_view name :
       {"NONE", "BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE"}) {
    const auto level = parse_compatibility_level(name);
    ASSERT_TRUE(level.has_value()) << name;
    EXPECT_EQ(compatibility_level_name(*level), name);
  }
  EXPECT_FALSE(parse_compatibility_level("backward").has_value());
}

TEST(RegistryMessage, IsTheRegistrys) {
  const auto message = [](const char* reader, const char* writer, bool new_reads_old) {
    const auto reasons = find_incompatibilities(parse(reader), parse(writer));
    EXPECT_THAT(reasons, SizeIs(1));
    return reasons.empty() ? "" : registry_message(reasons.front(), new_reads_old);
  };
  EXPECT_EQ(
      message(kV2Required, kV1, true),
      "{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field 'b' at path '/fields/1' in the new "
      "schema has no default value and is missing in the old schema', additionalInfo:'b'}");
  EXPECT_EQ(message("\"int\"", "\"string\"", false),
            "{errorType:'TYPE_MISMATCH', description:'The type (path '/') of a field in the old schema does not match "
            "with the new schema', additionalInfo:'reader type: INT not compatible with writer type: STRING'}");
  EXPECT_EQ(message(R"({"type":"enum","name":"E","symbols":["A"]})",
                    R"({"type":"enum","name":"E","symbols":["B","A"]})", true),
            "{errorType:'MISSING_ENUM_SYMBOLS', description:'The new schema is missing enum symbols '[B]' at path "
            "'/symbols' in the old schema', additionalInfo:'[B]'}");
  EXPECT_EQ(message(R"(["null"])", R"(["null","int"])", true),
            "{errorType:'MISSING_UNION_BRANCH', description:'The new schema is missing a type inside a union field at "
            "path '/1' in the old schema', additionalInfo:'reader union lacking writer type: INT'}");
  EXPECT_EQ(message(R"({"type":"fixed","name":"F","size":1})", R"({"type":"fixed","name":"F","size":2})", true),
            "{errorType:'FIXED_SIZE_MISMATCH', description:'The size of FIXED type field at path '/size' in the new "
            "schema does not match with the old schema', additionalInfo:'expected: 2, found: 1'}");
  EXPECT_EQ(message(R"({"type":"fixed","name":"F","size":1})", R"({"type":"fixed","name":"a.G","size":1})", true),
            "{errorType:'NAME_MISMATCH', description:'The name of the schema has changed (path '/name')', "
            "additionalInfo:'expected: a.G'}");
}

// Java throws, and the registry refuses the schema with the exception's text.
TEST(Compatibility, RefusesAFieldThatMatchesSeveral) {
  const Schema writer =
      parse(R"({"type":"record","name":"B","fields":[{"name":"a","type":"int"},{"name":"b","type":"int"}]})");
  const Schema reader = parse(R"([{"type":"record","name":"A","fields":[{"name":"a","type":"int","aliases":["b"]}]},
    {"type":"record","name":"B","fields":[{"name":"a","type":"int"}]}])");
  const auto reasons = find_incompatibilities(reader, writer);
  ASSERT_THAT(reasons, SizeIs(1));
  EXPECT_EQ(reasons[0].type, IncompatibilityType::kNameMismatch);
  EXPECT_EQ(reasons[0].message, "the field a of A matches several fields of B by its name and aliases");
}

// ---- Hostile schemas

// T0 differs; each type uses the one before twice, so that its reasons double at each step.
std::string doubling(int depth, const char* leaf) {
  std::string text = std::string(R"([{"type":"record","name":"T0","fields":[{"name":"x","type":)") + leaf + "}]}";
  for (int i = 1; i <= depth; ++i) {
    const std::string before = "\"T" + std::to_string(i - 1) + "\"";
    text += R"(,{"type":"record","name":"T)" + std::to_string(i) + R"(","fields":[{"name":"a","type":)" + before +
            R"(},{"name":"b","type":)" + before + "}]}";
  }
  return text + "]";
}

TEST(Compatibility, ListsOnlySoManyReasons) {
  const Schema reader = parse(doubling(60, "\"int\""));
  const Schema writer = parse(doubling(60, "\"string\""));
  const auto reasons =
      find_incompatibilities(reader.at(*reader.root().branches.back()), writer.at(*writer.root().branches.back()));
  EXPECT_THAT(reasons, SizeIs(kMaxIncompatibilities));
}

TEST(Compatibility, ComparesWhatOneTextCanNest) {
  std::string text = "\"int\"";
  for (size_t i = 0; i < json::kMaxDepth; ++i) text = R"({"type":"array","items":)" + text + "}";
  const Schema schema = parse(text);
  EXPECT_THAT(find_incompatibilities(schema, schema), IsEmpty());
}

TEST(Compatibility, GivesUpOnEndlessNesting) {
  const Schema chain = parse(doubling(5000, "\"int\""));
  const Schema last = chain.at(*chain.root().branches.back());
  const auto reasons = find_incompatibilities(last, last);
  ASSERT_THAT(reasons, SizeIs(1));
  EXPECT_EQ(reasons[0].message, "the schemas are too large, or nest too deeply, to be compared");
}

TEST(Compatibility, GivesUpOnUnionsWithoutEnd) {
  std::string reader = "[", writer = "[";
  for (int i = 0; i < 1000; ++i) {
    const std::string n = std::to_string(i);
    reader += (i > 0 ? "," : "") + (R"({"type":"fixed","name":"A)" + n + R"(","size":1})");
    writer += (i > 0 ? "," : "") + (R"({"type":"fixed","name":"B)" + n + R"(","size":1})");
  }
  const auto reasons = find_incompatibilities(parse(reader + "]"), parse(writer + "]"));
  ASSERT_THAT(reasons, SizeIs(1));
  EXPECT_EQ(reasons[0].message, "the schemas are too large, or nest too deeply, to be compared");
}

// ---- Resolution

TEST(Resolution, NamesMatchWithoutTheirNamespaces) {
  const Schema reader = parse(R"({"type":"fixed","name":"a.F","size":1,"aliases":["b.G"]})");
  EXPECT_TRUE(names_match(reader.root(), parse(R"({"type":"fixed","name":"z.F","size":1})").root()));
  EXPECT_TRUE(names_match(reader.root(), parse(R"({"type":"fixed","name":"b.G","size":1})").root()));
  EXPECT_FALSE(names_match(reader.root(), parse(R"({"type":"fixed","name":"z.G","size":1})").root()));
}

TEST(Resolution, AFieldComesFromItsNameOrElseAnAlias) {
  const Schema writer =
      parse(R"({"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"int"}]})");
  const auto source = [&](const char* name, std::vector<std::string> aliases) {
    Field field;
    field.name = name;
    field.aliases = std::move(aliases);
    const Field* found = find_writer_field(writer.root(), field);
    return found == nullptr ? "" : found->name;
  };
  EXPECT_EQ(source("a", {"b"}), "a");
  EXPECT_EQ(source("c", {"x", "b", "a"}), "b");
  EXPECT_EQ(source("c", {"x"}), "");
}

TEST(Resolution, PromotesAsTheSpecificationSays) {
  std::string promotions;
  for (int writer = 0; writer <= static_cast<int>(Type::kUnion); ++writer) {
    for (int reader = 0; reader <= static_cast<int>(Type::kUnion); ++reader) {
      if (!is_promotable(static_cast<Type>(writer), static_cast<Type>(reader))) continue;
      promotions += std::string(type_name(static_cast<Type>(writer))) + ">" +
                    std::string(type_name(static_cast<Type>(reader))) + " ";
    }
  }
  EXPECT_EQ(promotions, "int>long int>float int>double long>float long>double float>double bytes>string string>bytes ");
}

}  // namespace
}  // namespace omashu::avro
