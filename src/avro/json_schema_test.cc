#include "avro/json_schema.h"

#include <gtest/gtest.h>

namespace omashu::avro {
namespace {

std::string root_of(std::string_view text) {
  const auto schema = Schema::parse(text);
  return schema ? json::to_text(to_json_schema(*schema, "#/").root) : schema.error().message;
}

std::string definitions_of(std::string_view text) {
  const auto schema = Schema::parse(text);
  if (!schema) return schema.error().message;
  return json::to_text(json::Value::object(to_json_schema(*schema, "#/").definitions));
}

TEST(JsonSchema, PrimitivesAreTheirJson) {
  EXPECT_EQ(root_of(R"("string")"), R"({"type":"string"})");
  EXPECT_EQ(root_of(R"("int")"), R"({"type":"integer","minimum":-2147483648,"maximum":2147483647})");
  EXPECT_EQ(root_of(R"({"type":"array","items":"boolean"})"), R"({"type":"array","items":{"type":"boolean"}})");
  EXPECT_EQ(root_of(R"({"type":"map","values":"null"})"),
            R"({"type":"object","additionalProperties":{"type":"null"}})");
}

TEST(JsonSchema, LogicalTypesAreTheirTexts) {
  EXPECT_EQ(root_of(R"({"type":"long","logicalType":"timestamp-millis"})"),
            R"({"type":"string","format":"date-time"})");
  EXPECT_EQ(root_of(R"({"type":"string","logicalType":"uuid"})"), R"({"type":"string","format":"uuid"})");
  EXPECT_EQ(root_of(R"({"type":"int","logicalType":"date"})"), R"({"type":"string","format":"date"})");
}

TEST(JsonSchema, ARecordNamesWhatMustBeThere) {
  constexpr std::string_view kRecord = R"({"type":"record","name":"a.R","doc":"A row.","fields":[
    {"name":"id","type":"string","doc":"Which."},
    {"name":"status","type":{"type":"enum","name":"Status","symbols":["UP","DOWN"]}},
    {"name":"note","type":["null","string"]},
    {"name":"next","type":["null","R"],"default":null}]})";
  EXPECT_EQ(root_of(kRecord), R"({"$ref":"#/a.R"})");
  EXPECT_EQ(
      definitions_of(kRecord),
      R"({"a.R":{"type":"object","properties":{"id":{"type":"string","description":"Which."},)"
      R"("status":{"$ref":"#/a.Status"},"note":{"anyOf":[{"type":"null"},{"type":"string"}]},)"
      R"("next":{"anyOf":[{"type":"null"},{"$ref":"#/a.R"}]}},"required":["id","status"],)"
      R"("additionalProperties":false,"description":"A row."},"a.Status":{"type":"string","enum":["UP","DOWN"]}})");
}

TEST(JsonSchema, AUnionIsTaggedWhereABareValueWouldBeAnothers) {
  EXPECT_EQ(root_of(R"(["null","long"])"),
            R"({"anyOf":[{"type":"null"},)"
            R"({"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807}]})");
  EXPECT_EQ(root_of(R"(["string",{"type":"int","logicalType":"date"}])"),
            R"({"anyOf":[{"type":"string"},{"type":"string","format":"date"},)"
            R"({"type":"object","properties":{"string":{"type":"string"}},"required":["string"],)"
            R"("additionalProperties":false},{"type":"object","properties":{"int":{"type":"string","format":"date"}},)"
            R"("required":["int"],"additionalProperties":false}]})");
  EXPECT_EQ(root_of("[]"), R"({"not":{}})");
}

}  // namespace
}  // namespace omashu::avro
