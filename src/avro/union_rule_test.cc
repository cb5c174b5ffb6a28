#include "avro/union_rule.h"

#include <gtest/gtest.h>

namespace omashu::avro {
namespace {

// Reads `avro_json` as Avro's own JSON and gives the plain one; and whether that is read back as the same datum.
std::string plain(std::string_view schema_text, std::string_view avro_json) {
  const auto schema = Schema::parse(schema_text);
  if (!schema) return "schema: " + schema.error().message;
  const Encoder encoder = *Encoder::compile(*schema);
  const Decoder decoder = *Decoder::compile(*schema);
  std::string datum, text, again, avro_again;
  if (const auto done = encoder.from_json(avro_json, datum, JsonForm::kAvro); !done) return done.error().message;
  if (const auto done = decoder.to_json(datum, JsonForm::kPlain, text); !done) return done.error().message;
  const auto back = encoder.from_json(text, again, JsonForm::kPlain);
  EXPECT_TRUE(back) << text << ": " << back.error().message;
  EXPECT_EQ(again, datum) << text;
  EXPECT_TRUE(decoder.to_json(datum, JsonForm::kAvro, avro_again));
  EXPECT_EQ(avro_again, avro_json);
  return text;
}

constexpr const char* kEvents = R"([
  {"type":"record","name":"Created","fields":[{"name":"id","type":"string"}]},
  {"type":"record","name":"n.Deleted","fields":[{"name":"id","type":"string"}]},
  {"type":"record","name":"Moved","fields":[{"name":"id","type":"string"},{"name":"to","type":"string"}]}])";

TEST(PlainUnion, RecordsOfTheSameFieldsAreTagged) {
  EXPECT_EQ(plain(kEvents, R"({"Created":{"id":"a"}})"), R"({"id":"a"})");
  EXPECT_EQ(plain(kEvents, R"({"n.Deleted":{"id":"a"}})"), R"({"n.Deleted":{"id":"a"}})");
  EXPECT_EQ(plain(kEvents, R"({"Moved":{"id":"a","to":"b"}})"), R"({"id":"a","to":"b"})");
}

TEST(PlainUnion, DoublesAndFloats) {
  EXPECT_EQ(plain(R"(["float","double"])", R"({"double":1.5})"), R"({"double":1.5})");
  EXPECT_EQ(plain(R"(["float","double"])", R"({"float":1.5})"), "1.5");
  EXPECT_EQ(plain(R"(["double","float"])", R"({"float":1.5})"), R"({"float":1.5})");
  EXPECT_EQ(plain(R"(["double","float"])", R"({"double":1.5})"), "1.5");
  EXPECT_EQ(plain(R"(["string","double"])", R"({"double":"NaN"})"), R"({"double":"NaN"})");
  EXPECT_EQ(plain(R"(["null","double"])", R"({"double":"NaN"})"), "\"NaN\"");
}

TEST(PlainUnion, IntsAndLongs) {
  EXPECT_EQ(plain(R"(["int","long"])", R"({"long":5})"), R"({"long":5})");
  EXPECT_EQ(plain(R"(["int","long"])", R"({"long":3000000000})"), "3000000000");
  EXPECT_EQ(plain(R"(["long","int"])", R"({"int":5})"), R"({"int":5})");
  EXPECT_EQ(plain(R"(["double","long"])", R"({"long":5})"), "5");
  EXPECT_EQ(plain(R"(["long","double"])", R"({"double":5.0})"), "5.0");
}

TEST(PlainUnion, WhatLooksLikeText) {
  const char* decimal = R"(["string",{"type":"bytes","logicalType":"decimal","precision":4,"scale":2}])";
  EXPECT_EQ(plain(decimal, R"({"bytes":"09"})"), R"({"base64":"MDk="})") << "five digits, beyond precision";
  EXPECT_EQ(plain(decimal, "{\"bytes\":\"\\u0004\xc3\x92\"}"), R"({"bytes":"12.34"})");
  EXPECT_EQ(plain(decimal, R"({"string":"12.34"})"), "\"12.34\"");
  const char* timestamp = R"(["null",{"type":"long","logicalType":"timestamp-millis"},"string"])";
  EXPECT_EQ(plain(timestamp, R"({"long":0})"), "\"1970-01-01T00:00:00.000Z\"");
  EXPECT_EQ(plain(timestamp, R"({"string":"1970-01-01T00:00:00.000Z"})"), R"({"string":"1970-01-01T00:00:00.000Z"})");
  EXPECT_EQ(plain(timestamp, R"({"string":"x"})"), "\"x\"");
  const char* symbol = R"([{"type":"enum","name":"E","symbols":["A"]},"string"])";
  EXPECT_EQ(plain(symbol, R"({"string":"A"})"), R"({"string":"A"})");
  EXPECT_EQ(plain(symbol, R"({"string":"B"})"), "\"B\"");
  EXPECT_EQ(plain(R"(["string",{"type":"enum","name":"n.E","symbols":["A"]}])", R"({"n.E":"A"})"), R"({"n.E":"A"})");
  const char* uuid = R"(["string",{"type":"fixed","name":"U","size":16,"logicalType":"uuid"}])";
  EXPECT_EQ(plain(uuid, R"({"U":"0123456789abcdef"})"), R"({"U":"30313233-3435-3637-3839-616263646566"})");
  const char* bytes = R"(["string","bytes",{"type":"fixed","name":"F","size":2}])";
  EXPECT_EQ(plain(bytes, R"({"bytes":"ab"})"), R"({"bytes":"ab"})");
  EXPECT_EQ(plain(bytes, R"({"F":"ab"})"), R"({"F":"ab"})");
}

TEST(PlainUnion, RecordsAndMaps) {
  const char* schema =
      R"([{"type":"map","values":"string"},{"type":"record","name":"R","fields":[{"name":"a","type":"string"}]}])";
  EXPECT_EQ(plain(schema, R"({"R":{"a":"b"}})"), R"({"R":{"a":"b"}})");
  EXPECT_EQ(plain(schema, R"({"map":{"a":"b"}})"), R"({"a":"b"})");
  const char* other =
      R"([{"type":"record","name":"R","fields":[{"name":"a","type":"string"}]},{"type":"map","values":"string"}])";
  EXPECT_EQ(plain(other, R"({"map":{"a":"b"}})"), R"({"map":{"a":"b"}})");
  EXPECT_EQ(plain(other, R"({"map":{"b":"a"}})"), R"({"b":"a"})");
}

TEST(PlainUnion, WhatLooksLikeATagIsTagged) {
  const char* map = R"(["null",{"type":"map","values":{"type":"map","values":"int"}}])";
  EXPECT_EQ(plain(map, R"({"map":{"map":{"a":1}}})"), R"({"map":{"map":{"a":1}}})");
  EXPECT_EQ(plain(map, R"({"map":{"mop":{"a":1}}})"), R"({"mop":{"a":1}})");
  EXPECT_EQ(plain(map, R"({"map":{"map":{"a":1},"b":{}}})"), R"({"map":{"a":1},"b":{}})");
  const char* record = R"(["string",{"type":"record","name":"R","fields":[{"name":"string","type":"string"}]}])";
  EXPECT_EQ(plain(record, R"({"R":{"string":"x"}})"), R"({"R":{"string":"x"}})");
  EXPECT_EQ(plain(record, R"({"string":"x"})"), "\"x\"");
}

TEST(PlainUnion, UnionsWithinUnions) {
  const char* schema = R"([{"type":"array","items":["int","long"]},
      {"type":"record","name":"R","fields":[{"name":"u","type":["null","float","double",
        {"type":"array","items":["null","R",{"type":"record","name":"S","fields":[{"name":"u","type":"int"}]}]}]}]}])";
  EXPECT_EQ(plain(schema, R"({"array":[{"int":1},{"long":1}]})"), R"([1,{"long":1}])");
  EXPECT_EQ(plain(schema, R"({"R":{"u":{"array":[{"R":{"u":{"double":1.5}}},{"S":{"u":7}},null]}}})"),
            R"({"u":[{"u":{"double":1.5}},{"S":{"u":7}},null]})");
}

TEST(PlainUnion, AValueIsLookedAtOnlyWhereItCanBeMistaken) {
  const auto is_checked = [](std::string_view text, size_t branch) {
    const Schema schema = *Schema::parse(text);
    return may_be_misread(schema.root(), branch);
  };
  for (const char* type :
       {R"("int")", R"("double")", R"("string")", R"("bytes")", R"({"type":"map","values":"double"})",
        R"({"type":"map","values":["null","string"]})", R"({"type":"long","logicalType":"timestamp-millis"})",
        R"({"type":"bytes","logicalType":"decimal","precision":4})", R"({"type":"array","items":["null","int"]})",
        R"({"type":"record","name":"R","fields":[{"name":"a","type":"string"},{"name":"map","type":"int"}]})"}) {
    EXPECT_FALSE(is_checked("[\"null\"," + std::string(type) + "]", 1)) << type;
    EXPECT_FALSE(is_checked("[" + std::string(type) + ",\"null\"]", 0)) << type;
  }
  EXPECT_FALSE(is_checked(R"(["null","string","long","boolean"])", 1));
  EXPECT_FALSE(is_checked(R"(["double","long"])", 1));
  EXPECT_TRUE(is_checked(R"(["int","long"])", 1));
  EXPECT_TRUE(is_checked(R"(["null",{"type":"map","values":{"type":"map","values":"int"}}])", 1));
}

}  // namespace
}  // namespace omashu::avro
