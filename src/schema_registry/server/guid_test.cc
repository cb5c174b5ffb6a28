#include "schema_registry/server/guid.h"

#include <gtest/gtest.h>

namespace omashu::schema_registry::server {
namespace {

Annotations annotations(const std::string& text) {
  const auto parsed = parse_annotations(json::parse(text).value());
  EXPECT_TRUE(parsed.has_value()) << parsed.error().message;
  return parsed.value_or(Annotations());
}

// printf '"string"' | md5sum
TEST(Guid, IsTheMd5OfAPlainText) {
  EXPECT_EQ(guid_text(guid_of({.schema = "\"string\""}, {})), "095d71cf-1255-6b9d-5e33-0ad575b3df5d");
}

// (printf '"string"nameSubject\0\0\1\2'; printf '\1tk1abtk2cpkpvs'; printf '\1ndocTRANSFORMWRITECELxparval1exps,f,\1')
// | md5sum
TEST(Guid, CoversReferencesAndAnnotations) {
  const SchemaText text = {.schema = "\"string\"", .references = {{"name", "Subject", 258}}};
  const Annotations all = annotations(
      R"({"metadata":{"sensitive":["s"],"properties":{"pk":"pv"},"tags":{"tk2":["c"],"tk1":["b","a"]}},)"
      R"("ruleSet":{"domainRules":[{"doc":"doc","name":"n","kind":"TRANSFORM","mode":"WRITE","type":"CEL","tags":["x"],)"
      R"("params":{"par":"val1"},"expr":"exp","onSuccess":"s,","onFailure":"f,","disabled":true}]}})");
  EXPECT_EQ(guid_text(guid_of(text, all)), "0451daa1-4ad4-2f68-c056-b87e0e9b7e5d");
}

TEST(Guid, IsReadWithAndWithoutHyphens) {
  const Guid guid = guid_of({.schema = "\"string\""}, {});
  std::string text = guid_text(guid);
  EXPECT_EQ(parse_guid(text), guid);
  std::erase(text, '-');
  EXPECT_EQ(parse_guid(text), guid);
  for (const char* wrong : {"", "0", "095d71cf-1255-6b9d-5e33-0ad575b3df5", "095d71cf-1255-6b9d-5e33-0ad575b3df5g",
                            "095d71cf1-255-6b9d-5e33-0ad575b3df5d", "095d71cf12556b9d5e330ad575b3df5d0"}) {
    EXPECT_FALSE(parse_guid(wrong).has_value()) << wrong;
  }
}

TEST(Annotations, HaveOneSpelling) {
  EXPECT_EQ(annotations(R"({"metadata":null,"ruleset":null})"), Annotations());
  EXPECT_EQ(
      annotations(R"({"metadata":{"properties":{"b":"2","a":"1"},"tags":{},"unknown":7,"sensitive":["y","x","y"]}})")
          .metadata,
      R"({"properties":{"a":"1","b":"2"},"sensitive":["x","y"]})");
  EXPECT_EQ(
      annotations(R"({"ruleset":{"domainRules":[{"type":"CEL","name":"n","tags":[],"disabled":false}]}})").rule_set,
      R"({"domainRules":[{"name":"n","kind":"TRANSFORM","mode":"WRITEREAD","type":"CEL","disabled":false}]})");
}

TEST(Annotations, WrongTypesAreNamed) {
  const std::pair<const char*, const char*> wrong[] = {
      {R"({"metadata":7})", R"("metadata" must be an object)"},
      {R"({"metadata":{"properties":{"a":1}}})", R"("properties" must be an object of strings)"},
      {R"({"metadata":{"tags":{"a":"b"}}})", R"("tags" must be an array of strings)"},
      {R"({"ruleSet":{"domainRules":[7]}})", R"("domainRules" must be an object)"},
      {R"({"ruleSet":{"domainRules":[{"disabled":1}]}})", R"("disabled" must be a boolean)"},
      {R"({"ruleSet":{"domainRules":[{"name":1}]}})", R"("name" must be a string)"},
  };
  for (const auto& [text, message] : wrong) {
    const auto parsed = parse_annotations(json::parse(text).value());
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().message, message);
  }
}

TEST(Annotations, PropertiesCanBeLookedFor) {
  const std::string metadata = R"({"properties":{"a":"1","b":"2"}})";
  EXPECT_TRUE(has_properties(metadata, json::parse(R"({"a":"1"})").value()));
  EXPECT_TRUE(has_properties(metadata, json::Value::object()));
  EXPECT_FALSE(has_properties(metadata, json::parse(R"({"a":"1","c":"3"})").value()));
  EXPECT_FALSE(has_properties(metadata, json::parse(R"({"a":"2"})").value()));
  EXPECT_FALSE(has_properties("", json::Value::object()));
}

}  // namespace
}  // namespace omashu::schema_registry::server
