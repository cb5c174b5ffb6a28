#include "avro/datum.h"

#include <gtest/gtest.h>

#include "avro/codec.h"
#include "avro/key_projection.h"

namespace omashu::avro {
namespace {

constexpr std::string_view kStatus = R"({
  "type": "record", "name": "org.example.Status", "fields": [
    {"name": "omashuId", "type": "string"},
    {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["QUEUED", "FAILED"]}},
    {"name": "bytes", "type": ["null", "long"]},
    {"name": "source", "type": ["null", {"type": "record", "name": "Source", "fields": [
      {"name": "url", "type": "string"}, {"name": "size", "type": "double"}]}]},
    {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
    {"name": "parts", "type": {"type": "array", "items": {"type": "record", "name": "Part", "fields": [
      {"name": "n", "type": "int"}, {"name": "more", "type": {"type": "map", "values": "Source"}}]}}},
    {"name": "next", "type": ["null", "Status"]}
  ]})";

constexpr std::string_view kJson =
    R"({"omashuId":"x-1","state":"FAILED","bytes":42,"source":{"url":"http://u","size":1.5},)"
    R"("at":"2024-02-29T00:00:00.000Z","parts":[{"n":1,"more":{}},{"n":2,"more":{"a":{"url":"v","size":2.0}}}],)"
    R"("next":{"omashuId":"x-0","state":"QUEUED","bytes":null,"source":null,"at":"1970-01-01T00:00:00.000Z",)"
    R"("parts":[],"next":null}})";

std::string encode(const Schema& schema, std::string_view json) {
  std::string bytes;
  const auto done = Encoder::compile(schema)->from_json(json, bytes);
  EXPECT_TRUE(done) << done.error().message;
  return bytes;
}

std::string text_at(const Datum& datum, std::string_view path) {
  const auto found = datum.find_path(path);
  return found ? found->text().value_or("(has parts)") : "(nothing)";
}

TEST(Datum, GivesFieldsByNameAndPath) {
  const Schema schema = *Schema::parse(kStatus);
  const std::string bytes = encode(schema, kJson);
  Arena arena;
  const GenericDecoder decoder = *GenericDecoder::compile(schema);
  const auto datum = decoder.decode(bytes, arena);
  ASSERT_TRUE(datum) << datum.error().message;
  EXPECT_EQ(text_at(*datum, "omashuId"), "x-1");
  EXPECT_EQ(text_at(*datum, "state"), "FAILED");
  EXPECT_EQ(text_at(*datum, "bytes"), "42");
  EXPECT_EQ(text_at(*datum, "source.url"), "http://u");
  EXPECT_EQ(text_at(*datum, "source.size"), "1.5");
  EXPECT_EQ(text_at(*datum, "at"), "2024-02-29T00:00:00.000Z");
  EXPECT_EQ(text_at(*datum, "next.omashuId"), "x-0");
  EXPECT_EQ(text_at(*datum, "next.source"), "null");
  EXPECT_EQ(text_at(*datum, "next.source.url"), "(nothing)");
  EXPECT_EQ(text_at(*datum, "source"), "(has parts)");
  EXPECT_EQ(text_at(*datum, "nowhere"), "(nothing)");
  const Datum parts = *datum->find("parts");
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(text_at(parts.item(0), "n"), "1");
  EXPECT_EQ(parts.item(0).find("more")->size(), 0u);
  EXPECT_EQ(text_at(parts.item(1), "more.a.url"), "v");
  EXPECT_EQ(parts.item(1).find("more")->key(0), "a");
}

TEST(Datum, ComparesWithText) {
  const Schema schema = *Schema::parse(kStatus);
  const auto datum = GenericDecoder::compile(schema)->decode_owned(encode(schema, kJson));
  ASSERT_TRUE(datum);
  EXPECT_TRUE((*datum)->find("state")->equals_text("FAILED"));
  EXPECT_FALSE((*datum)->find("state")->equals_text("QUEUED"));
  EXPECT_TRUE((*datum)->find("bytes")->equals_text("42"));
  EXPECT_TRUE((*datum)->find("bytes")->equals_text("42.0"));
  EXPECT_FALSE((*datum)->find("bytes")->equals_text("null"));
  EXPECT_TRUE((*datum)->find_path("next.bytes")->equals_text("null"));
  EXPECT_FALSE((*datum)->find("omashuId")->equals_text("x"));
}

TEST(Datum, IsWrittenAsItWasRead) {
  const Schema schema = *Schema::parse(kStatus);
  const std::string bytes = encode(schema, kJson);
  const auto datum = GenericDecoder::compile(schema)->decode_owned(bytes);
  ASSERT_TRUE(datum);
  std::string again;
  append_datum(**datum, again);
  EXPECT_EQ(again, bytes);
}

TEST(Datum, OutlivesItsDecoderWhenItOwns) {
  const auto datum = [] {
    const Schema writer = *Schema::parse(R"({"type":"record","name":"R","fields":[]})");
    const Schema reader = *Schema::parse(
        R"({"type":"record","name":"R","fields":[{"name":"a","type":"string","default":"a default of some length"}]})");
    return GenericDecoder::compile(writer, reader)->decode_owned("");
  }();
  ASSERT_TRUE(datum);
  EXPECT_EQ((*datum)->find("a")->as_string(), "a default of some length");
}

TEST(Datum, ReusesItsArena) {
  const Schema schema = *Schema::parse(R"({"type":"array","items":"long"})");
  const GenericDecoder decoder = *GenericDecoder::compile(schema);
  Arena arena;
  std::string many = encode(
      schema, "[" + [] {
        std::string items = "0";
        for (int i = 1; i < 10'000; ++i) items += "," + std::to_string(i);
        return items;
      }() + "]");
  for (int round = 0; round < 3; ++round) {
    const auto datum = decoder.decode(many, arena);
    ASSERT_TRUE(datum);
    ASSERT_EQ(datum->size(), 10'000u);
    EXPECT_EQ(datum->item(0).as_long(), 0);
    EXPECT_EQ(datum->item(9'999).as_long(), 9'999);
    EXPECT_EQ(decoder.decode(encode(schema, "[7]"), arena)->item(0).as_long(), 7);
  }
}

TEST(KeyProjection, TakesAKeysFieldsFromTheValue) {
  const Schema value = *Schema::parse(kStatus);
  const Schema key = *Schema::parse(R"({"type":"record","name":"Key","fields":[
    {"name":"size","type":["null","double"],"aliases":["bytes"]}, {"name":"omashuId","type":"string"}]})");
  const auto projection = KeyProjection::compile(value, key);
  ASSERT_TRUE(projection) << projection.error().message;
  std::string bytes;
  ASSERT_TRUE(projection->append_key(encode(value, kJson), bytes));
  EXPECT_EQ(bytes, encode(key, R"({"omashuId":"x-1","size":42.0})"));
}

TEST(KeyProjection, TakesOneFieldAsTheKey) {
  const Schema value = *Schema::parse(kStatus);
  const auto projection = KeyProjection::compile(value, *Schema::parse("string"), "source.url");
  ASSERT_TRUE(projection) << projection.error().message;
  std::string bytes;
  ASSERT_TRUE(projection->append_key(encode(value, kJson), bytes));
  EXPECT_EQ(bytes, "\x10http://u");
}

TEST(KeyProjection, RefusesFieldsThatTheValueHasNot) {
  const Schema value = *Schema::parse(kStatus);
  const auto no_field = KeyProjection::compile(
      value, *Schema::parse(R"({"type":"record","name":"K","fields":[{"name":"id","type":"string","default":""}]})"));
  ASSERT_FALSE(no_field);
  EXPECT_EQ(no_field.error().message, "the key's field id is not in the value org.example.Status");
  EXPECT_FALSE(KeyProjection::compile(value, *Schema::parse("string"), "nowhere"));
  EXPECT_FALSE(KeyProjection::compile(value, *Schema::parse("string")));
  EXPECT_FALSE(KeyProjection::compile(value, *Schema::parse("int"), "omashuId"));
}

// What nobody reads may call a routine of its own, which has no slots to fill.
TEST(GenericDecoder, SkippingARecordWithinItselfLeavesTheOthersSlotsAlone) {
  const auto writer = Schema::parse(R"({"type":"record","name":"R","fields":[
      {"name":"unread","type":["null","R"]},{"name":"a","type":"int"},{"name":"b","type":"string"}]})");
  const auto reader = Schema::parse(R"({"type":"record","name":"R","fields":[
      {"name":"b","type":"string"},{"name":"a","type":["null","int"]}]})");
  ASSERT_TRUE(writer && reader);
  const auto decoder = GenericDecoder::compile(*writer, *reader);
  ASSERT_TRUE(decoder) << decoder.error().message;
  std::string bytes;
  ASSERT_TRUE(Encoder::compile(*writer)->from_json(
      R"({"unread":{"unread":{"unread":null,"a":1,"b":"x"},"a":2,"b":"y"},"a":3,"b":"z"})", bytes, JsonForm::kPlain));
  Arena arena;
  const auto value = decoder->decode(bytes, arena);
  ASSERT_TRUE(value) << value.error().message;
  EXPECT_EQ(value->find("b")->as_string(), "z");
  EXPECT_EQ(value->find("a")->branch(), 1u);
  EXPECT_EQ(value->find("a")->as_long(), 3);
  std::string again;
  append_datum(*value, again);
  EXPECT_EQ(again, "\x02z\x02\x06");
}

TEST(Datum, EachNanOfAFloatIsWrittenAsItWasRead) {
  const auto decoder = GenericDecoder::compile(*Schema::parse(R"("float")"));
  for (const std::string& bytes : {std::string("\x00\x38\x82\xff", 4), std::string("\x01\x00\x80\x7f", 4),
                                   std::string("\xff\xff\xff\x7f", 4), std::string("\x00\x00\x80\x7f", 4)}) {
    Arena arena;
    std::string written;
    append_datum(*decoder->decode(bytes, arena), written);
    EXPECT_EQ(written, bytes);
  }
}

}  // namespace
}  // namespace omashu::avro
