#include "sink/dynamodb/attribute_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/codec.h"

namespace omashu::sink::dynamodb {
namespace {

using ::testing::HasSubstr;

avro::OwnedDatum datum_of(const std::string& schema_text, const std::string& json) {
  const avro::Schema schema = avro::Schema::parse(schema_text).value();
  std::string bytes;
  avro::Encoder::compile(schema).value().from_json(json, bytes).value();
  return avro::GenericDecoder::compile(schema).value().decode_owned(bytes).value();
}

Result<std::string> attribute_of(const std::string& schema, const std::string& json, bool numeric_times = false) {
  const avro::OwnedDatum datum = datum_of(schema, json);
  std::string out;
  const Result<size_t> size = append_attribute(*datum, {numeric_times}, out);
  if (!size) return fail(size.error());
  return out;
}

TEST(AttributeValue, EachTypeHasItsAttribute) {
  EXPECT_EQ(attribute_of(R"("null")", "null").value(), R"({"NULL":true})");
  EXPECT_EQ(attribute_of(R"("boolean")", "true").value(), R"({"BOOL":true})");
  EXPECT_EQ(attribute_of(R"("long")", "-9223372036854775808").value(), R"({"N":"-9223372036854775808"})");
  EXPECT_EQ(attribute_of(R"("double")", "0.1").value(), R"({"N":"0.1"})");
  EXPECT_EQ(attribute_of(R"("float")", "0.1").value(), R"({"N":"0.1"})") << "not as a double would show it";
  EXPECT_EQ(attribute_of(R"("string")", R"("a\"ü")").value(), R"({"S":"a\"ü"})");
  EXPECT_EQ(attribute_of(R"("string")", R"("")").value(), R"({"S":""})");
  EXPECT_EQ(attribute_of(R"("bytes")", R"("\u0000\u00ff")").value(), R"({"B":"AP8="})");
  EXPECT_EQ(attribute_of(R"({"type":"fixed","name":"F","size":2})", R"("ab")").value(), R"({"B":"YWI="})");
  EXPECT_EQ(attribute_of(R"({"type":"enum","name":"E","symbols":["A","B"]})", R"("B")").value(), R"({"S":"B"})");
  EXPECT_EQ(attribute_of(R"({"type":"array","items":"int"})", "[1,1]").value(), R"({"L":[{"N":"1"},{"N":"1"}]})");
  EXPECT_EQ(attribute_of(R"({"type":"map","values":["null","int"]})", R"({"a":null,"b":2})").value(),
            R"({"M":{"a":{"NULL":true},"b":{"N":"2"}}})");
  EXPECT_EQ(attribute_of(R"({"type":"record","name":"R","fields":[{"name":"x","type":"int"}]})", R"({"x":1})").value(),
            R"({"M":{"x":{"N":"1"}}})");
}

TEST(AttributeValue, LogicalTypesAreWhatPeopleAndIndexesRead) {
  const std::string timestamp = R"({"type":"long","logicalType":"timestamp-millis"})";
  EXPECT_EQ(attribute_of(timestamp, R"("2026-11-30T08:00:05Z")").value(), R"({"S":"2026-11-30T08:00:05.000Z"})");
  EXPECT_EQ(attribute_of(timestamp, R"("2026-11-30T08:00:05Z")", true).value(), R"({"N":"1796025605000"})");
  EXPECT_EQ(attribute_of(R"({"type":"int","logicalType":"date"})", R"("2026-11-30")").value(), R"({"S":"2026-11-30"})");
  EXPECT_EQ(attribute_of(R"({"type":"bytes","logicalType":"decimal","precision":38,"scale":2})", R"("12.30")").value(),
            R"({"N":"12.30"})");
  EXPECT_EQ(
      attribute_of(R"({"type":"string","logicalType":"uuid"})", R"("123e4567-e89b-12d3-a456-426614174000")").value(),
      R"({"S":"123e4567-e89b-12d3-a456-426614174000"})");
}

TEST(AttributeValue, WhatDynamodbsNumbersCannotHoldIsRefusedWithItsPlace) {
  const auto record =
      attribute_of(R"({"type":"record","name":"R","fields":[{"name":"x","type":{"type":"array","items":"double"}}]})",
                   R"({"x":[1,1e300]})");
  ASSERT_FALSE(record.has_value());
  EXPECT_THAT(record.error().message, ::testing::StartsWith(".x[1]: "));
  EXPECT_FALSE(attribute_of(R"("double")", R"("NaN")").has_value());
  const auto decimal = attribute_of(R"({"type":"bytes","logicalType":"decimal","precision":39,"scale":0})",
                                    '"' + std::string(39, '9') + '"');
  ASSERT_FALSE(decimal.has_value());
  EXPECT_THAT(decimal.error().message, HasSubstr("39 significant digits"));
}

TEST(AttributeValue, MapsAndListsAreNestedNoDeeperThanDynamodbAllows) {
  std::string schema = R"("int")", json = "1";
  for (size_t depth = 1; depth <= kMaxDepth + 1; ++depth) {
    schema = R"({"type":"array","items":)" + schema + "}";
    json = "[" + json + "]";
    EXPECT_EQ(attribute_of(schema, json).has_value(), depth <= kMaxDepth) << depth;
  }
}

TEST(AttributeValue, AStringThatIsNotUtf8IsRefused) {
  const avro::Schema schema = avro::Schema::parse(R"("string")").value();
  const auto datum = avro::GenericDecoder::compile(schema).value().decode_owned(std::string("\x02\xff", 2));
  if (!datum) return;  // the decoder refuses it already
  std::string out;
  EXPECT_FALSE(append_attribute(**datum, {}, out).has_value());
}

TEST(AttributeValue, SizesAreDynamodbs) {
  std::string out;
  const avro::OwnedDatum datum = datum_of(R"({"type":"map","values":"string"})", R"({"ab":"ü"})");
  EXPECT_EQ(append_attribute(*datum, {}, out).value(), 3u + 1 + 2 + 2)
      << "overhead, an element, its name and its bytes";
}

}  // namespace
}  // namespace omashu::sink::dynamodb
