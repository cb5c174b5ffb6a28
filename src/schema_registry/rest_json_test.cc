#include "schema_registry/rest_json.h"

#include <gtest/gtest.h>

namespace omashu::schema_registry {
namespace {

json::Value parsed(std::string_view text) { return json::parse(text).value(); }

TEST(RestJson, SchemaTextIsWrittenAsOldServersTakeIt) {
  EXPECT_EQ(json::to_text(to_json(SchemaText{.schema = R"("string")"})), R"({"schema":"\"string\""})");
  const SchemaText with_reference{.schema = "{}", .references = {{"a.B", "b-value", 3}}, .schema_type = "JSON"};
  EXPECT_EQ(json::to_text(to_json(with_reference)),
            R"({"schema":"{}","schemaType":"JSON","references":[{"name":"a.B","subject":"b-value","version":3}]})");
}

TEST(RestJson, SubjectVersionSurvivesARoundTrip) {
  const SchemaText text{.schema = "{}", .references = {{"a.B", "b-value", 3}}};
  json::Value body = to_json(text);
  body.add("subject", "s");
  body.add("version", 2);
  body.add("id", 7);
  body.add("guid", "2f3f1fd0-8d0a-4d5e-8f3c-0d9f2b1c7a55");
  const Result<SubjectVersion> read = parse_subject_version(body);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(*read, (SubjectVersion{"s", 2, SchemaId{7}, "2f3f1fd0-8d0a-4d5e-8f3c-0d9f2b1c7a55", text}));
}

TEST(RestJson, NullsAndUnknownMembersAreTolerated) {
  const Result<SubjectVersion> read = parse_subject_version(parsed(
      R"({"subject":"s","version":1,"id":1,"schema":"\"int\"","schemaType":null,"references":null,"metadata":null,
          "guid":null,"ruleSet":{"x":[1]},"ts":17})"));
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->text, SchemaText{.schema = R"("int")"});
  EXPECT_EQ(read->guid, std::nullopt);
}

TEST(RestJson, AWrongShapeNamesTheMember) {
  const std::pair<const char*, const char*> cases[] = {
      {R"([])", "\"subject\" must be a string"},
      {R"({"subject":5})", "\"subject\" must be a string"},
      {R"({"subject":"s","version":0})", "\"version\" must be a positive number"},
      {R"({"subject":"s","version":1.5})", "\"version\" must be a positive number"},
      {R"({"subject":"s","version":1,"id":4294967296})", "\"id\" must be a positive number"},
      {R"({"subject":"s","version":1,"id":1})", "\"schema\" must be a string"},
      {R"({"subject":"s","version":1,"id":1,"schema":"","references":7})", "references: an array"},
      {R"({"subject":"s","version":1,"id":1,"schema":"","references":[{"name":"n"}]})", "references: the member"},
  };
  for (const auto& [text, message] : cases) {
    const Result<SubjectVersion> read = parse_subject_version(parsed(text));
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_NE(read.error().message.find(message), std::string::npos) << read.error().message;
    EXPECT_EQ(read.error().code, ErrorCode::kInternal);
  }
}

TEST(RestJson, CompatibilityVerdicts) {
  EXPECT_EQ(parse_compatibility_verdict(parsed(R"({"is_compatible":true})")).value(), CompatibilityVerdict{true});
  EXPECT_EQ(parse_compatibility_verdict(parsed(R"({"is_compatible":false,"messages":["why"]})")).value(),
            (CompatibilityVerdict{false, {"why"}}));
  EXPECT_EQ(parse_compatibility_verdict(parsed(R"({"is_compatible":false,"reason":"why"})")).value(),
            (CompatibilityVerdict{false, {"why"}}));
  EXPECT_FALSE(parse_compatibility_verdict(parsed(R"({"is_compatible":"yes"})")).has_value());
}

}  // namespace
}  // namespace omashu::schema_registry
