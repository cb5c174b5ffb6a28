#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/codec.h"

namespace omashu::avro {
namespace {

using testing::HasSubstr;
using namespace std::string_literals;

// The datum that a JSON text gives, or the error as "error: line:column: message".
std::string datum_of(std::string_view schema_text, std::string_view json, JsonForm form = JsonForm::kPlain) {
  const auto schema = Schema::parse(schema_text);
  if (!schema) return "schema: " + schema.error().message;
  const auto encoder = Encoder::compile(*schema);
  if (!encoder) return "compile: " + encoder.error().message;
  std::string out = "before";
  const auto done = encoder->from_json(json, out, form);
  if (done) return out.substr(6);
  EXPECT_EQ(out, "before") << "a failure must leave nothing";
  EXPECT_TRUE(done.error().position.has_value()) << json;
  const TextPosition position = done.error().position.value_or(TextPosition{0, 0});
  return "error: " + std::to_string(position.line) + ":" + std::to_string(position.column) + ": " +
         done.error().message;
}

// Reads `json`, and writes it again in one form.
std::string again(std::string_view schema_text, std::string_view json, JsonForm form) {
  const std::string datum = datum_of(schema_text, json, form);
  if (datum.starts_with("error: ")) return datum;
  std::string out;
  const auto done = Decoder::compile(*Schema::parse(schema_text))->to_json(datum, form, out);
  return done ? out : done.error().message;
}

std::string again(std::string_view schema_text, std::string_view json) {
  return again(schema_text, json, JsonForm::kPlain);
}

constexpr std::string_view kStatus = R"({
  "type": "record", "name": "org.example.Status", "fields": [
    {"name": "omashuId", "type": "string"},
    {"name": "status", "type": {"type": "enum", "name": "State", "symbols": ["QUEUED", "RUNNING", "FAILED"]}},
    {"name": "bytes", "type": "long", "default": 0},
    {"name": "source", "type": ["null", {"type": "record", "name": "Source", "fields": [
      {"name": "url", "type": "string"}, {"name": "tries", "type": "int", "default": 1}]}]},
    {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}
  ]})";

TEST(Encoder, WritesPrimitives) {
  EXPECT_EQ(datum_of("null", "null"), "");
  EXPECT_EQ(datum_of("boolean", "true"), "\x01");
  EXPECT_EQ(datum_of("int", "-1"), "\x01");
  EXPECT_EQ(datum_of("long", "64"), "\x80\x01");
  EXPECT_EQ(datum_of("float", "1.5"), "\x00\x00\xc0\x3f"s);
  EXPECT_EQ(datum_of("double", "5"), "\x00\x00\x00\x00\x00\x00\x14\x40"s);
  EXPECT_EQ(datum_of("double", "\"-Infinity\""), "\x00\x00\x00\x00\x00\x00\xf0\xff"s);
  EXPECT_EQ(datum_of("string", R"("h\u00e9")"), "\x06h\xc3\xa9");
  EXPECT_EQ(datum_of("bytes", "\"\\u0000\x7f\\u00ff\""), "\x06\x00\x7f\xff"s);
  EXPECT_EQ(datum_of(R"({"type":"fixed","name":"F","size":2})", R"("ab")"), "ab");
  EXPECT_EQ(datum_of(R"({"type":"enum","name":"E","symbols":["A","B"]})", R"("B")"), "\x02");
  EXPECT_EQ(datum_of(R"({"type":"array","items":"int"})", "[1,2,3]"), "\x06\x02\x04\x06\x00"s);
  EXPECT_EQ(datum_of(R"({"type":"array","items":"int"})", "[]"), "\x00"s);
  EXPECT_EQ(datum_of(R"({"type":"map","values":"int"})", R"({"a":1,"b":2})"),
            "\x04\x02"
            "a\x02\x02"
            "b\x04\x00"s);
}

TEST(Encoder, TakesMembersInAnyOrderAndFillsDefaults) {
  EXPECT_EQ(
      again(kStatus, R"({"at": 1709251199999, "source": {"url": "u"}, "status": "FAILED", "omashuId": "x"})"),
      R"({"omashuId":"x","status":"FAILED","bytes":0,"source":{"url":"u","tries":1},"at":"2024-02-29T23:59:59.999Z"})");
  EXPECT_EQ(again(kStatus, R"({"omashuId":"x","status":"QUEUED","at":"2024-03-01T01:00:00+01:00"})"),
            R"({"omashuId":"x","status":"QUEUED","bytes":0,"source":null,"at":"2024-03-01T00:00:00.000Z"})");
}

TEST(Encoder, NamesThePlaceOfAMistake) {
  EXPECT_EQ(datum_of(kStatus, "{\"omashuId\":\"x\",\n \"source\": {\"url\": 3}}"),
            "error: 2:20: $.source.url: expected a string, found 3");
  EXPECT_EQ(datum_of(kStatus, R"({"omashuid":"x"})"),
            "error: 1:2: $: org.example.Status has no field \"omashuid\": did you mean omashuId?");
  EXPECT_EQ(datum_of(kStatus, R"({"status":"FAILD"})"),
            "error: 1:11: $.status: org.example.State has no symbol \"FAILD\": did you mean FAILED?");
  EXPECT_EQ(datum_of(kStatus, R"({"bytes":1,"bytes":2})"), "error: 1:12: $.bytes: this field is there twice");
  EXPECT_EQ(datum_of(kStatus, R"({"omashuId":"x"})"),
            "error: 1:16: $.status: this field of org.example.Status is missing, and it has no default");
}

}  // namespace
}  // namespace omashu::avro
