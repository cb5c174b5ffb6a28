#include "avro/default_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace omashu::avro {
namespace {

using testing::HasSubstr;

// What the parser says of a field `x` of that type with that default; "" where it accepts.
std::string refusal(const std::string& type, const std::string& preset) {
  const auto schema = Schema::parse(R"({"type":"record","name":"R","fields":[{"name":"x","type":)" + type +
                                    R"(,"default":)" + preset + "}]}");
  return schema ? "" : schema.error().message;
}

constexpr const char* kInner = R"({"type":"record","name":"I","fields":[
  {"name":"a","type":"int"},{"name":"b","type":"string","default":"x"}]})";

TEST(DefaultValue, MustSuitTheType) {
  EXPECT_EQ(refusal("\"int\"", "2147483647"), "");
  EXPECT_THAT(refusal("\"int\"", "2147483648"), HasSubstr("expected a whole number of 32 bits"));
  EXPECT_THAT(refusal("\"long\"", "1.0"), HasSubstr("expected a whole number of 64 bits"));
  EXPECT_THAT(refusal("\"string\"", "null"), HasSubstr("the field x does not suit its type: expected a string"));
  EXPECT_EQ(refusal("\"bytes\"", R"("\u0000\u00ff")"), "");
  EXPECT_THAT(refusal("\"bytes\"", R"("\u0100")"), HasSubstr("characters up to U+00FF"));
  EXPECT_EQ(refusal(R"({"type":"fixed","name":"F","size":2})", R"("\u00e9z")"), "");
  EXPECT_THAT(refusal(R"({"type":"fixed","name":"F","size":2})", R"("z")"), HasSubstr("a string of 2 characters"));
  EXPECT_THAT(refusal(R"({"type":"enum","name":"E","symbols":["A"]})", R"("B")"), HasSubstr("a symbol of E"));
}

TEST(DefaultValue, NamesTheInnermostWrongValue) {
  const auto schema = Schema::parse(
      "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"x\",\n"
      "\"type\":{\"type\":\"array\",\"items\":\"int\"},\n\"default\":[1,2,\"3\"]}]}");
  ASSERT_FALSE(schema.has_value());
  EXPECT_EQ(schema.error().position, (TextPosition{3, 16}));
}

// 1.11.1 knew the first branch only.
TEST(DefaultValue, MaySuitAnyBranchOfAUnion) {
  EXPECT_EQ(refusal(R"(["null","string"])", "null"), "");
  EXPECT_EQ(refusal(R"(["null","string"])", "\"x\""), "");
  EXPECT_THAT(refusal(R"(["null","string"])", "1"), HasSubstr("a value that suits a branch of the union"));
}

TEST(DefaultValue, OfARecordMayOmitFieldsWithDefaults) {
  EXPECT_EQ(refusal(kInner, R"({"a":1})"), "");
  EXPECT_EQ(refusal(kInner, R"({"a":1,"b":"y","unknown":0})"), "");
  EXPECT_THAT(refusal(kInner, R"({"b":"y"})"), HasSubstr("lacks the field a of I, which has no default of its own"));
  EXPECT_THAT(refusal(kInner, R"({"a":1,"b":2})"), HasSubstr("expected a string"));
}

TEST(DefaultValue, OfFloatsMayBeText) {
  EXPECT_EQ(refusal("\"double\"", "\"NaN\""), "");
  EXPECT_EQ(refusal("\"float\"", "\"-Infinity\""), "");
  EXPECT_THAT(refusal("\"double\"", "\"one\""), HasSubstr("must be a number"));
  EXPECT_THAT(refusal(R"(["null","double"])", "\"NaN\""), HasSubstr("a branch of the union"));
  const auto schema =
      Schema::parse(R"({"type":"record","name":"R","fields":[{"name":"x","type":"double","default":"15e-1"}]})");
  ASSERT_TRUE(schema.has_value());
  EXPECT_EQ(schema->root().fields[0].default_value->as_double(), 1.5);
}

TEST(DefaultValue, MayNotContainItself) {
  EXPECT_THAT(refusal("\"R\"", "{}"), HasSubstr("contains itself without end"));
  EXPECT_EQ(refusal(R"(["R","null"])", R"({"x":null})"), "");
  EXPECT_THAT(refusal(R"({"type":"record","name":"I","fields":[{"name":"r","type":"R","default":{}}]})", "{}"),
              HasSubstr("contains itself without end"));
}

TEST(DefaultValue, IsNotJudgedWhereARegistryAlreadyHoldsIt) {
  const std::string text = R"({"type":"record","name":"R","fields":[{"name":"x","type":"int","default":null}]})";
  EXPECT_FALSE(Schema::parse(text).has_value());
  EXPECT_TRUE(Schema::parse(text, {.references = {}, .check_defaults = false}).has_value());
}

TEST(DefaultValue, MayNestAsDeeplyAsItsType) {
  std::string type = "\"int\"";
  std::string preset = "1";
  for (int i = 0; i < 500; ++i) {
    type = R"({"type":"array","items":)" + type + "}";
    preset = "[" + preset + "]";
  }
  EXPECT_EQ(refusal(type, preset), "");
  EXPECT_THAT(refusal(type, "[" + preset + "]"), HasSubstr("expected a whole number"));
}

// Each branch of each union could be tried for each value in it: 2^60 ways without a memory of what was tried.
TEST(DefaultValue, UnionsInUnionsAreTriedOnce) {
  std::string type = R"(["int"])";
  std::string preset = "\"no int\"";
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i);
    type = R"([{"type":"record","name":"A)" + n + R"(","fields":[{"name":"f","type":)" + type +
           R"(}]},{"type":"record","name":"B)" + n + R"(","fields":[{"name":"f","type":"A)" + n + R"("}]}])";
    preset = R"({"f":)" + preset + "}";
  }
  EXPECT_THAT(refusal(type, preset), HasSubstr("a branch of the union"));
}

}  // namespace
}  // namespace omashu::avro
