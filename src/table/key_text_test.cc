#include "table/key_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::table {
namespace {

using testing::HasSubstr;

constexpr const char* kOneField = R"({"type":"record","name":"K","fields":[{"name":"omashuId","type":"string"}]})";
constexpr const char* kTwoFields =
    R"({"type":"record","name":"K","fields":[{"name":"a","type":"string"},{"name":"b","type":"long","default":7}]})";

std::string from_text(const char* schema, std::string_view text) {
  const auto parsed = avro::Schema::parse(schema);
  EXPECT_TRUE(parsed);
  const auto key = key_from_text(parsed->root(), text);
  return key ? *key : "error: " + key.error().message;
}

std::string from_value(const char* schema, std::string_view value, std::string_view field = "") {
  const auto parsed = avro::Schema::parse(schema);
  EXPECT_TRUE(parsed);
  const auto key = key_from_value(parsed->root(), *json::parse(value), field);
  return key ? *key : "error: " + key.error().message;
}

TEST(KeyText, ABareWordIsTheOneFieldOfARecord) {
  EXPECT_EQ(from_text(kOneField, "om-1"), R"({"omashuId":"om-1"})");
  EXPECT_EQ(from_text(kOneField, "\"om-1\""), R"({"omashuId":"om-1"})");
  EXPECT_EQ(from_text(kOneField, R"({"omashuId":"om-1"})"), R"({"omashuId":"om-1"})");
  EXPECT_EQ(from_text(kOneField, "42"), R"({"omashuId":"42"})");
  EXPECT_EQ(from_text(kOneField, "a\"b"), R"({"omashuId":"a\"b"})");
  EXPECT_EQ(from_text(R"({"type":"record","name":"K","fields":[{"name":"n","type":["null","long"]}]})", "42"),
            R"({"n":42})");
}

TEST(KeyText, PrimitivesAreGivenBare) {
  EXPECT_EQ(from_text("\"string\"", "om-1"), "\"om-1\"");
  EXPECT_EQ(from_text("\"string\"", "42"), "\"42\"");
  EXPECT_EQ(from_text("\"long\"", "42"), "42");
  EXPECT_EQ(from_text("\"long\"", "x"), "x");  // the encoder says what is wrong with it
  EXPECT_EQ(from_text(R"({"type":"enum","name":"E","symbols":["A"]})", "A"), "\"A\"");
  EXPECT_EQ(from_text(R"({"type":"string","logicalType":"uuid"})", "123e4567-e89b-12d3-a456-426614174000"),
            "\"123e4567-e89b-12d3-a456-426614174000\"");
  EXPECT_EQ(from_text(R"({"type":"int","logicalType":"date"})", "2024-02-29"), "\"2024-02-29\"");
}

TEST(KeyText, ARecordOfSeveralFieldsWantsJson) {
  EXPECT_EQ(from_text(kTwoFields, R"({"a":"x"})"), R"({"a":"x"})");
  EXPECT_THAT(from_text(kTwoFields, "x"), HasSubstr("write JSON, as {\"a\":…}"));
}

TEST(KeyText, ComesFromTheFieldsOfTheValue) {
  EXPECT_EQ(from_value(kOneField, R"({"status":"S","omashuId":"om-1"})"), R"({"omashuId":"om-1"})");
  EXPECT_EQ(from_value(kOneField, R"({"id":{"x":"om-1"}})", "id.x"), R"({"omashuId":"om-1"})");
  EXPECT_EQ(from_value("\"string\"", R"({"id":"om-1"})", "id"), "\"om-1\"");
  EXPECT_EQ(from_value(kTwoFields, R"({"a":"x","c":1})"), R"({"a":"x"})");
  EXPECT_EQ(from_value(kTwoFields, R"({"id":{"a":"x","b":1}})", "id"), R"({"a":"x","b":1})");
  EXPECT_THAT(from_value(kOneField, R"({"status":"S"})"), HasSubstr("no field 'omashuId'"));
  EXPECT_THAT(from_value(kOneField, R"({"status":"S"})", "id"), HasSubstr("no field 'id'"));
  EXPECT_THAT(from_value("\"string\"", R"({"id":"om-1"})"), HasSubstr("--key-field"));
}

TEST(KeyText, PlainKeysAreTheTextOfAField) {
  EXPECT_EQ(plain_key_from_value(*json::parse(R"({"id":"om-1","n":5})"), "id"), "om-1");
  EXPECT_EQ(plain_key_from_value(*json::parse(R"({"id":"om-1","n":5})"), "n"), "5");
  EXPECT_FALSE(plain_key_from_value(*json::parse(R"({"id":"om-1"})"), ""));
  EXPECT_FALSE(plain_key_from_value(*json::parse(R"({"id":null})"), "id"));
}

}  // namespace
}  // namespace omashu::table
