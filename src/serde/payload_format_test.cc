#include "serde/payload_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::serde {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;
using enum PayloadFormat;

std::string json_of(std::string_view payload, PayloadFormat format) {
  std::string out;
  const auto appended = append_payload_json(payload, format, out);
  return appended ? out : "error: " + appended.error().message;
}

std::string payload_of(std::string_view json, PayloadFormat format) {
  const auto payload = payload_of_json(json, format);
  return payload ? *payload : "error: " + payload.error().message;
}

TEST(PayloadFormat, TextIsAlwaysAJsonString) {
  for (const PayloadFormat format : {kAuto, kString}) {
    EXPECT_EQ(json_of("null", format), R"("null")");
    EXPECT_EQ(json_of(R"("quoted")", format), R"("\"quoted\"")");
    EXPECT_EQ(json_of(R"({"a":1})", format), R"("{\"a\":1}")");
    EXPECT_EQ(json_of("5", format), R"("5")");
    EXPECT_EQ(json_of("", format), R"("")");
    EXPECT_EQ(json_of("8=FIX\1\n", format), R"("8=FIX\u0001\n")");
  }
}

TEST(PayloadFormat, BytesThatAreNoTextAreBase64) {
  for (const PayloadFormat format : {kAuto, kString, kBytes})
    EXPECT_EQ(json_of("\xff", format), R"({"base64":"/w=="})");
  EXPECT_EQ(json_of("\0\0\0\0\0\0\0\5"s, kAuto), R"({"base64":"AAAAAAAAAAU="})");
  EXPECT_EQ(json_of("\0"s, kString), R"("\u0000")");
  EXPECT_EQ(json_of("abc", kBytes), R"({"base64":"YWJj"})");
}

TEST(PayloadFormat, NumbersAreAsJavaWritesThem) {
  EXPECT_EQ(json_of("\0\0\0\0\0\0\0\5"s, kLong), "5");
  EXPECT_EQ(json_of("\xff\xff\xff\xfe", kInt), "-2");
  EXPECT_EQ(json_of("\x80\0"s, kShort), "-32768");
  EXPECT_EQ(json_of("\x3f\xf8\0\0\0\0\0\0"s, kDouble), "1.5");
  EXPECT_EQ(json_of("\x3f\xc0\0\0"s, kFloat), "1.5");
  EXPECT_EQ(json_of("\xff\xf8\0\0\0\0\0\0"s, kDouble), R"x("NaN(0xfff8000000000000)")x");
  EXPECT_EQ(json_of("\0\0\0\5"s, kLong), "error: 4 bytes where 8 are expected for long");
  EXPECT_EQ(json_of("123e4567-e89b-12d3-a456-42661417400", kUuid), "error: this is no text of a UUID");
  EXPECT_THAT(json_of("{", kJson), HasSubstr("error: this is no JSON: "));
}

TEST(PayloadFormat, WhatIsPrintedGivesTheSameBytes) {
  const std::pair<std::string, PayloadFormat> payloads[] = {
      {"null", kString},
      {"null", kAuto},
      {R"("quoted")", kAuto},
      {R"({"base64":"AA=="})", kString},
      {R"({"base64":"AA=="})", kAuto},
      {R"({"base64":"AA=="})", kBytes},
      {"", kAuto},
      {"\xff\xfe", kString},
      {"\0\0\0\0\0\0\0\5"s, kAuto},
      {"\0\0\0\0\0\0\0\5"s, kLong},
      {"\x80\0\0\0\0\0\0\0"s, kLong},
      {"\x80\0\0\0"s, kInt},
      {"\x7f\xff"s, kShort},
      {"\x80\0\0\0\0\0\0\0"s, kDouble},
      {"\0\0\0\0\0\0\0\1"s, kDouble},
      {"\x7f\xf0\0\0\0\0\0\1"s, kDouble},
      {"\x7f\x80\0\0"s, kFloat},
      {"\xff\xc0\0\1"s, kFloat},
      {"\0\0\0\1"s, kFloat},
      {"123E4567-e89b-12d3-a456-426614174000", kUuid},
      {R"({"b":1.50,"a":[null]})", kJson},
      {"null", kJson},
  };
  for (const auto& [payload, format] : payloads) {
    EXPECT_EQ(payload_of(json_of(payload, format), format), payload) << payload_format_name(format);
  }
}

TEST(PayloadFormat, SaysWhatDoesNotFit) {
  EXPECT_THAT(payload_of("32768", kShort), HasSubstr("error: expected a whole number that a short of 2 bytes holds"));
  EXPECT_THAT(payload_of("1.5", kLong), HasSubstr("error: expected a whole number"));
  EXPECT_THAT(payload_of("\"x\"", kDouble), HasSubstr("error: expected a number that a double holds"));
  EXPECT_THAT(payload_of("\"x\"", kUuid), HasSubstr("error: expected a UUID"));
  EXPECT_THAT(payload_of(R"({"base64":"?"})", kBytes), HasSubstr("no base64"));
  EXPECT_THAT(payload_of(R"({"a":1})", kAuto), HasSubstr("there is no schema for it"));
  EXPECT_THAT(payload_of(R"({"a":1})", kBytes), HasSubstr("expected {\"base64\":\"…\"}"));
}

TEST(PayloadFormat, HasNames) {
  for (const std::string& name : payload_format_names())
    EXPECT_EQ(payload_format_name(*parse_payload_format(name)), name);
  EXPECT_EQ(parse_payload_format("uuid"), kUuid);
  EXPECT_EQ(parse_payload_format("text"), std::nullopt);
}

TEST(PayloadFormat, IsToldByJavasClasses) {
  EXPECT_EQ(payload_format_of_class("org.apache.kafka.common.serialization.LongDeserializer"), kLong);
  EXPECT_EQ(payload_format_of_class("org.apache.kafka.common.serialization.ByteArraySerializer"), kBytes);
  EXPECT_EQ(payload_format_of_class("io.confluent.kafka.serializers.KafkaAvroDeserializer"), kAvro);
  EXPECT_EQ(payload_format_of_class("UUIDSerializer"), kUuid);
  const auto unknown = payload_format_of_class("org.example.LongDeserialiser");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("did you mean LongDeserializer?"));
  EXPECT_THAT(unknown.error().message, HasSubstr("auto, avro, json"));
}

}  // namespace
}  // namespace omashu::serde
