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

TEST(Encoder, RefusesWhatDoesNotFit) {
  EXPECT_EQ(datum_of("int", "2147483648"), "error: 1:1: $: expected a whole number of 32 bits, found 2147483648");
  EXPECT_EQ(datum_of("int", "1.0"), "error: 1:1: $: expected a whole number of 32 bits, found 1.0");
  EXPECT_EQ(datum_of("long", "9223372036854775808"),
            "error: 1:1: $: expected a whole number of 64 bits, found 9223372036854775808");
  EXPECT_EQ(datum_of("double", "1e999"), "error: 1:1: $: expected a number within a double's range, found 1e999");
  EXPECT_EQ(datum_of("float", "1e39"), "error: 1:1: $: expected a number within a float's range, found 1e39");
  EXPECT_EQ(datum_of("double", "1e-999"), std::string(8, '\0'));
  EXPECT_EQ(datum_of("bytes", R"("\u0100")"),
            "error: 1:1: $: expected characters up to U+00FF, one for each byte, found \"\xc4\x80\"");
  EXPECT_EQ(datum_of(R"({"type":"fixed","name":"F","size":2})", R"("abc")"),
            "error: 1:1: $: expected 2 bytes, one character for each, found \"abc\"");
  EXPECT_EQ(datum_of(R"({"type":"map","values":"int"})", R"({"a":1,"b":2,"a":3})"),
            "error: 1:19: $: the key \"a\" is there twice");
  EXPECT_EQ(datum_of(R"({"type":"map","values":"int"})", R"({"a":{}})"),
            "error: 1:6: $[\"a\"]: expected a whole number, found an object");
  EXPECT_EQ(datum_of(R"({"type":"array","items":"int"})", "[1,\n null]"),
            "error: 2:2: $[1]: expected a whole number, found null");
  EXPECT_THAT(datum_of("int", "1 2"), HasSubstr("error: 1:3: "));
  EXPECT_THAT(datum_of(kStatus, R"({"omashuId": })"), HasSubstr("error: 1:14: expected a value"));
}

TEST(Encoder, WritesCountsOfMoreThanOneByte) {
  std::string json = "[0";
  for (int i = 1; i < 1000; ++i) json += ",0";
  EXPECT_EQ(datum_of(R"({"type":"array","items":"int"})", json + "]"), "\xd0\x0f" + std::string(1001, '\0'));
}

TEST(Encoder, BoundsDepth) {
  const char* list = R"({"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]})";
  std::string json;
  for (int i = 0; i < 300; ++i) json += R"({"next":)";
  EXPECT_THAT(datum_of(list, json), HasSubstr("nested too deep"));
}

// ---- logical types

TEST(Encoder, TakesLogicalTypesInBothForms) {
  const char* date = R"({"type":"int","logicalType":"date"})";
  EXPECT_EQ(datum_of(date, "1"), "\x02");
  EXPECT_EQ(datum_of(date, "\"1970-01-02\""), "\x02");
  EXPECT_EQ(datum_of(date, "\"1970-02-30\""),
            "error: 1:1: $: expected a date such as \"2024-02-29\", found \"1970-02-30\"");
  const char* decimal = R"({"type":"bytes","logicalType":"decimal","precision":4,"scale":2})";
  EXPECT_EQ(datum_of(decimal, "\"12.34\""), "\x04\x04\xd2");
  EXPECT_EQ(datum_of(decimal, "12.34"), "\x04\x04\xd2");
  EXPECT_EQ(datum_of(decimal, "12.34", JsonForm::kAvro), "\x04\x04\xd2");
  EXPECT_EQ(datum_of(decimal, R"("\u0004\u00d2")"), "\x04\x04\xd2");
  EXPECT_EQ(datum_of(decimal, "\"12\""), "\x04\x04\xb0");
  EXPECT_EQ(datum_of(decimal, "\"12\"", JsonForm::kAvro),
            "\x04"
            "12");
  EXPECT_EQ(datum_of(decimal, "\"12,34\""), "error: 1:1: $: expected a decimal such as \"12.34\", found \"12,34\"");
  EXPECT_THAT(datum_of(decimal, "123.45"), HasSubstr("precision is 4, found 123.45"));
  const char* fixed = R"({"type":"fixed","name":"D","size":3,"logicalType":"decimal","precision":4,"scale":2})";
  EXPECT_EQ(datum_of(fixed, "\"-0.01\""), "\xff\xff\xff");
  EXPECT_EQ(datum_of(fixed, "0.01"), "\x00\x00\x01"s);
  const char* uuid = R"({"type":"fixed","name":"U","size":16,"logicalType":"uuid"})";
  EXPECT_EQ(datum_of(uuid, "\"30313233-3435-3637-3839-616263646566\""), "0123456789abcdef");
  EXPECT_EQ(datum_of(uuid, "\"0123456789abcdef\""), "0123456789abcdef");
  EXPECT_THAT(datum_of(uuid, "\"0123\""), HasSubstr("expected a UUID"));
  const char* duration = R"({"type":"fixed","name":"D","size":12,"logicalType":"duration"})";
  EXPECT_EQ(datum_of(duration, "\"P1M2DT3.004S\""), "\x01\0\0\0\x02\0\0\0\xbc\x0b\0\0"s);
  EXPECT_THAT(datum_of(duration, "\"one month ..\""), HasSubstr("expected a duration"));
}

TEST(Encoder, KeepsTheBitsOfAnyNan) {
  for (const auto& bits : {"\x00\x00\xc0\x7f"s, "\x00\x00\xc0\xff"s, "\x01\x00\x80\x7f"s}) {
    for (const JsonForm form : {JsonForm::kPlain, JsonForm::kAvro}) {
      std::string json;
      ASSERT_TRUE(Decoder::compile(*Schema::parse("float"))->to_json(bits, form, json));
      EXPECT_EQ(datum_of("float", json, form), bits) << json;
    }
  }
  EXPECT_EQ(datum_of("double", R"x("NaN(0xfff8000000000000)")x"), "\x00\x00\x00\x00\x00\x00\xf8\xff"s);
  EXPECT_THAT(datum_of("double", R"x("NaN(0x7ff0000000000000)")x"), HasSubstr("expected a number")) << "infinity";
  EXPECT_THAT(datum_of("double", R"x("NaN(0x7fc00000)")x"), HasSubstr("expected a number")) << "a float's";
}

// ---- unions

TEST(Encoder, TakesUnionsBareAndTagged) {
  const char* optional = R"(["null","int"])";
  EXPECT_EQ(datum_of(optional, "null"), "\x00"s);
  EXPECT_EQ(datum_of(optional, "1"), "\x02\x02");
  EXPECT_EQ(datum_of(optional, R"({"int":1})"), "\x02\x02");
  EXPECT_EQ(datum_of(optional, R"("x")"), "error: 1:1: $: expected a whole number, found \"x\"");
  EXPECT_EQ(datum_of(optional, R"({"long":1})"), "error: 1:1: $: expected null or int, found an object");
  EXPECT_EQ(datum_of(optional, R"({"int":1,"x":2})"),
            "error: 1:10: $: an object that names a union's branch has no other member");
  EXPECT_EQ(datum_of("[]", "null"), "error: 1:1: $: expected nothing: this union has no branch, found null");
  EXPECT_EQ(datum_of(R"(["null","int","string"])", "true"), "error: 1:1: $: expected null, int or string, found true");
}

TEST(Encoder, GivesABareValueToTheFirstBranchThatItSuits) {
  const char* numbers = R"(["double","int","long","string"])";
  EXPECT_EQ(datum_of(numbers, "1"), "\x02\x02");
  EXPECT_EQ(datum_of(numbers, "3000000000")[0], '\x04');
  EXPECT_EQ(datum_of(numbers, "1.0")[0], '\x00');
  EXPECT_EQ(datum_of(numbers, "10000000000000000000")[0], '\x00') << "no long";
  EXPECT_EQ(datum_of(numbers, R"("NaN")"), "\x06\x06NaN") << "a string before the name of a double";
  const char* texts =
      R"(["bytes",{"type":"enum","name":"E","symbols":["A"]},{"type":"int","logicalType":"date"},"string"])";
  EXPECT_EQ(datum_of(texts, R"("A")"), "\x02\x00"s);
  EXPECT_EQ(datum_of(texts, R"("1970-01-02")"), "\x04\x02");
  EXPECT_EQ(datum_of(texts, R"("B")"),
            "\x06\x02"
            "B");
  EXPECT_EQ(datum_of(R"(["bytes","int"])", R"("B")"),
            "\x00\x02"
            "B"s);
}

TEST(Encoder, TellsRecordsApartByTheirFields) {
  const char* records = R"(["null",{"type":"record","name":"A","fields":[{"name":"x","type":"int"}]},
    {"type":"record","name":"n.B","fields":[{"name":"x","type":"int"},{"name":"y","type":"string","default":""}]},
    {"type":"record","name":"C","fields":[{"name":"z","type":"int"}]}])";
  EXPECT_EQ(datum_of(records, R"({"x":1})"), "\x02\x02");
  EXPECT_EQ(datum_of(records, R"({"y":"s","x":1})"), "\x04\x02\x02s");
  EXPECT_EQ(datum_of(records, R"({"z":1})"), "\x06\x02");
  EXPECT_EQ(datum_of(records, R"({"n.B":{"x":1}})"), "\x04\x02\x00"s);
  EXPECT_THAT(datum_of(records, R"({"w":1})"), HasSubstr("expected null, A, n.B or C, found an object"));
}

TEST(Encoder, TakesWhatLooksLikeATagForOne) {
  const char* schema = R"(["string",{"type":"map","values":"string"}])";
  for (const JsonForm form : {JsonForm::kPlain, JsonForm::kAvro}) {
    EXPECT_EQ(datum_of(schema, R"({"string":"x"})", form), "\x00\x02x"s);
    EXPECT_EQ(datum_of(schema, R"({"map":{"a":"b"}})", form),
              "\x02\x02\x02"
              "a\x02"
              "b\x00"s);
    EXPECT_EQ(datum_of(schema, R"({"a":"b"})", form),
              "\x02\x02\x02"
              "a\x02"
              "b\x00"s);
    EXPECT_EQ(datum_of(schema, R"({"map":{"string":"x"}})", form), "\x02\x02\x0cstring\x02x\x00"s);
  }
  EXPECT_EQ(datum_of(schema, R"({"map":"b"})"),
            "\x02\x02\x06map\x02"
            "b\x00"s)
      << "a map is no string";
}

TEST(Encoder, TakesBytesAsBase64) {
  EXPECT_EQ(datum_of("bytes", R"({"base64":"AP8="})"), "\x04\x00\xff"s);
  EXPECT_EQ(datum_of(R"(["null","bytes"])", R"({"base64":"AP8="})"), "\x02\x04\x00\xff"s);
  EXPECT_EQ(datum_of(R"({"type":"fixed","name":"F","size":2})", R"({"base64":"AP8="})"), "\x00\xff"s);
  EXPECT_EQ(datum_of(R"({"type":"fixed","name":"F","size":3})", R"({"base64":"AP8="})"),
            "error: 1:17: $: expected 3 bytes, found 2");
  EXPECT_THAT(datum_of("bytes", R"({"base64":"?"})"), HasSubstr("expected a string, or {\"base64\""));
  EXPECT_THAT(datum_of("bytes", R"({"base46":"AP8="})"), HasSubstr("expected a string, or {\"base64\""));
}

TEST(Encoder, RefusesUuidsThatAreNone) {
  const char* uuid = R"({"type":"string","logicalType":"uuid"})";
  EXPECT_EQ(datum_of(uuid, R"("123E4567-e89b-12d3-a456-426614174000")").size(), 37u);
  EXPECT_EQ(datum_of(uuid, R"("x")"),
            "error: 1:1: $: expected a UUID such as \"123e4567-e89b-12d3-a456-426614174000\", found \"x\"");
  EXPECT_EQ(datum_of(uuid, R"("x")", JsonForm::kAvro), "\x02x") << "Avro's own JSON has no logical types";
}

}  // namespace
}  // namespace omashu::avro
