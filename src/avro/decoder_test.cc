#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/codec.h"
#include "avro/schema_text.h"

namespace omashu::avro {
namespace {

using testing::HasSubstr;
using namespace std::string_literals;

// What a datum is as JSON, or the error's message.
std::string json_of(std::string_view writer, std::string_view bytes, JsonForm form, std::string_view reader = "") {
  const auto writer_schema = Schema::parse(writer);
  if (!writer_schema) return "writer: " + writer_schema.error().message;
  const auto reader_schema = Schema::parse(reader.empty() ? writer : reader);
  if (!reader_schema) return "reader: " + reader_schema.error().message;
  const auto decoder = Decoder::compile(*writer_schema, *reader_schema);
  if (!decoder) return "compile: " + decoder.error().message;
  std::string out;
  const auto done = decoder->to_json(bytes, form, out);
  return done ? out : "error: " + done.error().message;
}

std::string plain(std::string_view schema, std::string_view bytes) { return json_of(schema, bytes, JsonForm::kPlain); }
std::string avro(std::string_view schema, std::string_view bytes) { return json_of(schema, bytes, JsonForm::kAvro); }

TEST(Decoder, ReadsPrimitives) {
  EXPECT_EQ(plain("null", ""), "null");
  EXPECT_EQ(plain("boolean", "\x01"), "true");
  EXPECT_EQ(plain("int", "\x01"), "-1");
  EXPECT_EQ(plain("int", "\xff\xff\xff\xff\x0f"), "-2147483648");
  EXPECT_EQ(plain("long", "\x80\x01"), "64");
  EXPECT_EQ(plain("long", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), "-9223372036854775808");
  EXPECT_EQ(plain("float", "\x00\x00\xc0\x3f"s), "1.5");
  EXPECT_EQ(plain("double", "\x00\x00\x00\x00\x00\x00\x14\x40"s), "5.0");
  EXPECT_EQ(plain("double", "\x00\x00\x00\x00\x00\x00\xf0\xff"s), "\"-Infinity\"");
  EXPECT_EQ(plain("string",
                  "\x0c"
                  "a\"\\\n\x01z"),
            R"("a\"\\\n\u0001z")");
  EXPECT_EQ(plain("string",
                  "\x0a"
                  "h\xc3\xa9\xe2\x82"),
            "error: $: a string that is not UTF-8 (byte 0)");
  EXPECT_EQ(plain("bytes", "\x06\x00\x7f\xff"s), "\"\\u0000\x7f\xc3\xbf\"");
  EXPECT_EQ(plain(R"({"type":"fixed","name":"F","size":2})", "ab"), R"("ab")");
  EXPECT_EQ(plain(R"({"type":"enum","name":"E","symbols":["A","B"]})", "\x02"), R"("B")");
}

TEST(Decoder, ReadsContainers) {
  EXPECT_EQ(plain(R"({"type":"array","items":"int"})", "\x04\x02\x04\x02\x06\x00"s), "[1,2,3]");
  EXPECT_EQ(plain(R"({"type":"array","items":"int"})", "\x03\x04\x02\x04\x00"s), "[1,2]");
  EXPECT_EQ(plain(R"({"type":"array","items":"int"})", "\x00"s), "[]");
  EXPECT_EQ(plain(R"({"type":"map","values":"int"})",
                  "\x04\x02"
                  "a\x02\x02"
                  "b\x04\x00"s),
            R"({"a":1,"b":2})");
  EXPECT_EQ(plain(R"(["null","int"])", "\x02\x02"), "1");
  EXPECT_EQ(avro(R"(["null","int"])", "\x02\x02"), R"({"int":1})");
  EXPECT_EQ(avro(R"(["null","int"])", "\x00"s), "null");
  EXPECT_EQ(avro(R"(["null","int","string"])", "\x04\x02x"), R"({"string":"x"})");
  EXPECT_EQ(avro(R"(["null","int","string"])", "\x00"s), "null");
  const char* record =
      R"({"type":"record","name":"n.R","fields":[{"name":"a","type":"int"},{"name":"e","type":{"type":"record","name":"E","fields":[]}},{"name":"next","type":["null","R"]}]})";
  EXPECT_EQ(avro(record, "\x02\x02\x04\x00"s), R"({"a":1,"e":{},"next":{"n.R":{"a":2,"e":{},"next":null}}})");
  EXPECT_EQ(plain(record, "\x02\x02\x04\x00"s), R"({"a":1,"e":{},"next":{"a":2,"e":{},"next":null}})");
}

// ---- logical types

TEST(Decoder, WritesLogicalTypesForPeople) {
  EXPECT_EQ(plain(R"({"type":"int","logicalType":"date"})", "\x02"), "\"1970-01-02\"");
  EXPECT_EQ(plain(R"({"type":"int","logicalType":"time-millis"})", "\x02"), "\"00:00:00.001\"");
  EXPECT_EQ(plain(R"({"type":"int","logicalType":"time-millis"})", "\x01"), "-1") << "no time of day has this number";
  EXPECT_EQ(plain(R"({"type":"long","logicalType":"timestamp-nanos"})", "\x02"), "\"1970-01-01T00:00:00.000000001Z\"");
  EXPECT_EQ(plain(R"({"type":"long","logicalType":"local-timestamp-micros"})", "\x01"),
            "\"1969-12-31T23:59:59.999999\"");
  EXPECT_EQ(plain(R"({"type":"bytes","logicalType":"decimal","precision":4,"scale":2})", "\x04\x04\xd2"), "\"12.34\"");
  EXPECT_EQ(plain(R"({"type":"bytes","logicalType":"big-decimal"})", "\x08\x04\x04\xd2\x04"), "\"12.34\"");
  EXPECT_EQ(plain(R"({"type":"bytes","logicalType":"big-decimal"})", "\x02x"), R"({"base64":"eA=="})")
      << "not a big-decimal";
  EXPECT_EQ(
      plain(R"({"type":"fixed","name":"D","size":12,"logicalType":"duration"})", "\x01\0\0\0\x02\0\0\0\xbc\x0b\0\0"s),
      "\"P1M2DT3.004S\"");
  EXPECT_EQ(plain(R"({"type":"fixed","name":"U","size":16,"logicalType":"uuid"})",
                  "\0\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"s),
            "\"00010203-0405-0607-0809-0a0b0c0d0e0f\"");
  EXPECT_EQ(avro(R"({"type":"int","logicalType":"date"})", "\x02"), "1");
  EXPECT_EQ(avro(R"({"type":"bytes","logicalType":"decimal","precision":4,"scale":2})", "\x04\x04\xd2"),
            "\"\\u0004\xc3\x92\"");
  EXPECT_EQ(avro(R"(["null",{"type":"long","logicalType":"timestamp-millis"}])", "\x02\x02"), R"({"long":1})");
}

// ---- hostile data

TEST(Decoder, RefusesWhatIsNoDatum) {
  EXPECT_EQ(plain("boolean", "\x02"), "error: $: a boolean that is neither 0 nor 1 (byte 0)");
  EXPECT_EQ(plain("int", "\x80\x80\x80\x80\x10"), "error: $: an int beyond 32 bits (byte 0)");
  EXPECT_EQ(plain("long", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
            "error: $: a number of more than 64 bits (byte 0)");
  EXPECT_EQ(plain("long", "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"s),
            "error: $: a number of more than 64 bits (byte 0)");
  EXPECT_EQ(plain("long", "\x02\x02"), "error: $: bytes left over after the datum (byte 1)");
  EXPECT_EQ(plain("string",
                  "\xfe\xff\xff\xff\x0f"
                  "x"),
            "error: $: a length that is negative or more than the bytes left (byte 0)");
  EXPECT_EQ(plain("string", "\x01"), "error: $: a length that is negative or more than the bytes left (byte 0)");
  EXPECT_EQ(plain(R"({"type":"map","values":"null"})", "\x02\x02\xff\x00"s),
            "error: $[\"\xff\"]: a string that is not UTF-8 (byte 1)");
  EXPECT_EQ(plain(R"({"type":"enum","name":"E","symbols":["A","B"]})", "\x04"),
            "error: $: an enum index outside of its 2 symbols (byte 0)");
  EXPECT_EQ(plain(R"({"type":"enum","name":"E","symbols":["A","B"]})", "\x01"),
            "error: $: an enum index outside of its 2 symbols (byte 0)");
  EXPECT_EQ(plain(R"(["null","int"])", "\x04"), "error: $: a union branch outside of its 2 (byte 0)");
  EXPECT_EQ(plain(R"(["null","int","long"])", "\x01"), "error: $: a union branch outside of its 3 (byte 0)");
  EXPECT_THAT(plain(R"(["null","int"])", ""), HasSubstr("the data ends here"));
}

TEST(Decoder, BoundsItemsBeforeItBelievesThem) {
  const char* nulls = R"({"type":"array","items":"null"})";
  EXPECT_EQ(plain(nulls, "\x80\x8e\xce\x1c\x00"s), "error: $: a value out of all proportion to its bytes (byte 4)");
  EXPECT_EQ(plain(nulls, "\x06\x00"s), "[null,null,null]");
  EXPECT_THAT(plain(R"({"type":"array","items":"long"})", "\x80\x8e\xce\x1c\x00"s),
              HasSubstr("more items than the bytes left"));
  EXPECT_THAT(plain(R"({"type":"array","items":{"type":"fixed","name":"F","size":8}})",
                    "\x04"
                    "12345678"),
              HasSubstr("more items"));
  // INT64_MIN items, and a block whose size is a lie.
  EXPECT_THAT(plain(nulls, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00\x00"s), HasSubstr("out of all proportion"));
  EXPECT_THAT(plain(R"({"type":"array","items":"long"})", "\x01\x40\x02\x00"s), HasSubstr("a length that is negative"));
  EXPECT_THAT(plain(R"({"type":"array","items":"long"})", "\x01\x01\x02\x00"s), HasSubstr("a length that is negative"));
  // Records that hold nothing, a million times.
  EXPECT_THAT(plain(R"({"type":"array","items":{"type":"record","name":"R","fields":[{"name":"n","type":"null"}]}})",
                    "\x80\x89\x7a\x00"s),
              HasSubstr("out of all proportion"));
}

TEST(Decoder, BoundsDepth) {
  const char* list = R"({"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]})";
  EXPECT_THAT(plain(list, std::string(150, '\x02') + '\0'), HasSubstr("{\"next\":null}"));
  EXPECT_THAT(plain(list, std::string(100'000, '\x02')), HasSubstr("nested deeper than 200 levels"));
  const char* endless = R"({"type":"record","name":"L","fields":[{"name":"next","type":"L"}]})";
  EXPECT_THAT(plain(endless, ""), testing::AnyOf(HasSubstr("nested deeper"), HasSubstr("writer: ")));
}

TEST(Decoder, NamesThePathOfAnError) {
  const char* schema = R"({"type":"record","name":"R","fields":[{"name":"a","type":"int"},
    {"name":"items","type":{"type":"array","items":{"type":"record","name":"I","fields":[
      {"name":"by","type":{"type":"map","values":["null","boolean"]}}]}}}, {"name":"next","type":["null","R"]}]})";
  EXPECT_EQ(plain(schema, "\x02\x04\x00\x02\x02k\x02\x05\x00\x00\x00"s),
            "error: $.items[1].by[\"k\"]: a boolean that is neither 0 nor 1 (byte 7)");
  EXPECT_EQ(plain(schema, "\x02\x00\x02\x02\x00\x04"s), "error: $.next.next: a union branch outside of its 2 (byte 5)");
}

// Every datum ends where it says: no prefix of one is a datum of these types, and none is read beyond its end.
TEST(Decoder, RefusesEveryTruncatedDatum) {
  const std::pair<const char*, std::string> data[] = {
      {"boolean", "\x01"},
      {"int", "\xff\xff\xff\xff\x0f"},
      {"long", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"},
      {"float", "\x00\x00\xc0\x3f"s},
      {"double", "\x00\x00\x00\x00\x00\x00\x14\x40"s},
      {"bytes",
       "\x06"
       "abc"},
      {"string",
       "\x16"
       "hello world"},
      {R"({"type":"fixed","name":"F","size":3})", "abc"},
      {R"({"type":"enum","name":"E","symbols":["A","B"]})", "\x02"},
      {R"({"type":"array","items":"int"})", "\x04\x02\x04\x01\x02\x06\x00"s},
      {R"({"type":"array","items":"double"})", "\x02\x00\x00\x00\x00\x00\x00\x14\x40\x00"s},
      {R"({"type":"map","values":"string"})",
       "\x04\x02"
       "a\x02"
       "b\x02"
       "c\x00\x00"s},
      {R"(["null","string"])", "\x02\x04hi"},
      {R"(["null","string","int"])", "\x02\x04hi"},
      {R"({"type":"record","name":"R","fields":[{"name":"a","type":"string"},{"name":"b","type":["null","R"]}]})",
       "\x02x\x02\x02y\x00"s},
      {R"({"type":"bytes","logicalType":"decimal","precision":4})", "\x04\x04\xd2"},
      {R"({"type":"fixed","name":"D","size":12,"logicalType":"duration"})", std::string(12, '\1')},
  };
  for (const auto& [text, datum] : data) {
    SCOPED_TRACE(text);
    const Schema schema = *Schema::parse(text);
    const Decoder decoder = *Decoder::compile(schema);
    const Decoder skipping =
        *Decoder::compile(*Schema::parse(R"({"type":"record","name":"W","fields":[{"name":"skipped","type":)"s +
                                         to_java_text(schema) + "}]}"),
                          *Schema::parse(R"({"type":"record","name":"W","fields":[]})"));
    EXPECT_TRUE(decoder.validate(datum));
    EXPECT_TRUE(skipping.validate(datum));
    for (size_t size = 0; size < datum.size(); ++size) {
      // A copy of its own, so that a sanitizer sees a read beyond the end.
      const std::string prefix(datum, 0, size);
      std::string out;
      EXPECT_FALSE(decoder.validate(prefix)) << size;
      EXPECT_FALSE(decoder.to_json(prefix, JsonForm::kPlain, out)) << size;
      EXPECT_FALSE(decoder.to_json(prefix, JsonForm::kAvro, out)) << size;
      EXPECT_FALSE(skipping.validate(prefix)) << size;
      EXPECT_EQ(out, "");
    }
  }
}

// A schema can name a record in many places: neither its program nor its data may grow with the number of paths.
TEST(Decoder, SchemasOfManyPathsStaySmall) {
  std::string schema = R"({"type":"record","name":"R0","fields":[]})";
  for (int i = 1; i <= 40; ++i) {
    const std::string name = std::to_string(i);
    const std::string inner = std::to_string(i - 1);
    schema = R"({"type":"record","name":"R)" + name + R"(","fields":[{"name":"a","type":)" + schema +
             R"(},{"name":"b","type":"R)" + inner + R"("}]})";
  }
  const auto parsed = Schema::parse(schema);
  ASSERT_TRUE(parsed);
  const auto decoder = Decoder::compile(*parsed);
  ASSERT_TRUE(decoder);
  EXPECT_FALSE(decoder->validate("")) << "2^40 empty records";
}

// ---- resolution

std::string resolved(std::string_view writer, std::string_view reader, std::string_view bytes) {
  return json_of(writer, bytes, JsonForm::kAvro, reader);
}

TEST(Resolution, Promotes) {
  EXPECT_EQ(resolved("int", "long", "\x01"), "-1");
  EXPECT_EQ(resolved("int", "float", "\x01"), "-1.0");
  EXPECT_EQ(resolved("int", "double", "\x01"), "-1.0");
  EXPECT_EQ(resolved("long", "float", "\x01"), "-1.0");
  EXPECT_EQ(resolved("long", "double", "\x01"), "-1.0");
  EXPECT_EQ(resolved("float", "double", "\xcd\xcc\xcc\x3d"), "0.10000000149011612");
  EXPECT_EQ(resolved("string", "bytes", "\x02x"), "\"x\"");
  EXPECT_EQ(resolved("bytes", "string", "\x02x"), "\"x\"");
  EXPECT_THAT(resolved("bytes", "string", "\x02\xff"), HasSubstr("not UTF-8"));
  EXPECT_THAT(resolved("int", "long", "\x80\x80\x80\x80\x10"), HasSubstr("beyond 32 bits"));
  EXPECT_EQ(resolved("long", "int", "\x01"), "compile: $: the data has long, which the reader's int cannot take");
  EXPECT_EQ(resolved("double", "float", ""), "compile: $: the data has double, which the reader's float cannot take");
  EXPECT_EQ(json_of("int", "\x02", JsonForm::kPlain, R"({"type":"long","logicalType":"timestamp-millis"})"),
            "\"1970-01-01T00:00:00.001Z\"");
}

TEST(Resolution, MatchesNamesWithoutNamespacesAndAliases) {
  const char* writer = R"({"type":"fixed","name":"old.F","size":1})";
  EXPECT_EQ(resolved(writer, R"({"type":"fixed","name":"new.F","size":1})", "x"), "\"x\"");
  EXPECT_EQ(resolved(writer, R"({"type":"fixed","name":"G","size":1,"aliases":["old.F"]})", "x"), "\"x\"");
  EXPECT_THAT(resolved(writer, R"({"type":"fixed","name":"G","size":1})", "x"),
              HasSubstr("compile: $: the data has fixed old.F"));
  EXPECT_THAT(resolved(writer, R"({"type":"fixed","name":"F","size":2})", "x"),
              HasSubstr("has 1 bytes in the data and 2"));
  EXPECT_EQ(resolved(writer, R"(["null",{"type":"fixed","name":"G","size":1,"aliases":["old.F"]}])", "x"),
            R"({"G":"x"})");
}

TEST(Resolution, ReordersFieldsAndFillsDefaults) {
  const char* writer = R"({"type":"record","name":"R","fields":[{"name":"a","type":"int"},
    {"name":"skipped","type":{"type":"map","values":"string"}},{"name":"b","type":"string"}]})";
  EXPECT_EQ(resolved(writer, R"({"type":"record","name":"R","fields":[{"name":"d","type":"int","default":7},
    {"name":"b","type":"string"},{"name":"a","type":"long"},{"name":"o","type":["null","string"],"default":null}]})",
                     "\x02\x02\x02k\x02v\x00\x02x"s),
            R"({"d":7,"b":"x","a":1,"o":null})");
  EXPECT_EQ(resolved(writer, R"({"type":"record","name":"R","fields":[{"name":"z","type":["int","null"],"default":7},
    {"name":"c","type":"int","aliases":["x","a"]},{"name":"m","type":{"type":"array","items":"int"},"default":[1,2]}]})",
                     "\x02\x02\x02k\x02v\x00\x02x"s),
            R"({"z":{"int":7},"c":1,"m":[1,2]})");
  EXPECT_EQ(resolved(writer, R"({"type":"record","name":"R","fields":[]})", "\x02\x02\x02k\x02v\x00\x02x"s), "{}");
  EXPECT_EQ(resolved(writer, R"({"type":"record","name":"R","fields":[{"name":"n","type":"int"}]})", ""),
            "compile: $.n: the data has no such field, and the reader's schema gives it no default");
}

TEST(Resolution, ReordersWithinArraysAndRecursion) {
  const char* writer = R"({"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"string"},
    {"name":"more","type":{"type":"array","items":"R"}}]})";
  const char* reader = R"({"type":"record","name":"R","fields":[{"name":"more","type":{"type":"array","items":"R"}},
    {"name":"b","type":"string"},{"name":"d","type":"null","default":null},{"name":"a","type":"int"}]})";
  EXPECT_EQ(
      resolved(writer, reader, "\x02\x02x\x04\x04\x02y\x00\x06\x02z\x00\x00"s),
      R"({"more":[{"more":[],"b":"y","d":null,"a":2},{"more":[],"b":"z","d":null,"a":3}],"b":"x","d":null,"a":1})");
}

TEST(Resolution, OmittedFieldsOfADefaultTakeTheirOwn) {
  EXPECT_EQ(resolved(R"({"type":"record","name":"R","fields":[]})",
                     R"({"type":"record","name":"R","fields":[{"name":"a","type":{"type":"record","name":"A","fields":[
    {"name":"x","type":"int","default":5},{"name":"y","type":"bytes","default":"\u00ff"}]},"default":{"y":"z"}}]})",
                     ""),
            R"({"a":{"x":5,"y":"z"}})");
}

TEST(Resolution, MapsEnumSymbols) {
  const char* writer = R"({"type":"enum","name":"E","symbols":["A","B","C"]})";
  EXPECT_EQ(resolved(writer, R"({"type":"enum","name":"E","symbols":["C","B","A"]})", "\x00"s), "\"A\"");
  EXPECT_EQ(resolved(writer, R"({"type":"enum","name":"E","symbols":["X","B"],"default":"X"})", "\x00"s), "\"X\"");
  EXPECT_EQ(resolved(writer, R"({"type":"enum","name":"E","symbols":["X","B"]})", "\x02"), "\"B\"");
  EXPECT_EQ(resolved(writer, R"({"type":"enum","name":"E","symbols":["X","B"]})", "\x00"s),
            "error: $: an enum symbol that the reader's schema has not, without a default (byte 1)");
}

TEST(Resolution, TakesUnionsApart) {
  EXPECT_EQ(resolved(R"(["null","int"])", R"(["string","int","null"])", "\x02\x02"), R"({"int":1})");
  EXPECT_EQ(resolved(R"(["null","int"])", R"(["string","int","null"])", "\x00"s), "null");
  EXPECT_EQ(resolved("int", R"(["null","double","int"])", "\x02"), R"({"int":1})")
      << "the same type comes before promotions";
  EXPECT_EQ(resolved("int", R"(["null","double","long"])", "\x02"), R"({"double":1.0})") << "the first promotion";
  EXPECT_EQ(resolved(R"(["int","string"])", "int", "\x00\x02"s), "1");
  EXPECT_EQ(resolved(R"(["int","string"])", "int", "\x02\x02x"),
            "error: $: the data has string, which the reader's int cannot take (byte 1)");
  EXPECT_EQ(resolved(R"(["int","string"])", R"(["null","int"])", "\x02\x02x"),
            "error: $: the data has string, which no branch of the reader's union takes (byte 1)");
  EXPECT_THAT(resolved(R"(["null","string"])", "int", ""), HasSubstr("compile: $: the data has null"));
  EXPECT_EQ(resolved(R"({"type":"record","name":"a.R","fields":[]})",
                     R"([{"type":"record","name":"b.R","fields":[]},{"type":"record","name":"a.R","fields":[]}])", ""),
            R"({"a.R":{}})")
      << "the full name comes before the unqualified one";
}

// ---- fused ops, which only programs for slots have

std::string validate(std::string_view schema, std::string_view bytes) {
  const auto done = Decoder::compile(*Schema::parse(schema))->validate(bytes);
  return done ? "valid" : done.error().message;
}

TEST(Decoder, FusedOpsNameTheFieldThatIsWrong) {
  const std::string record =
      R"({"type":"record","name":"R","fields":[{"name":"a","type":"long"},{"name":"b","type":"long"},
      {"name":"c","type":"long"},{"name":"s","type":"string"},{"name":"t","type":"string"},
      {"name":"o","type":["null","string"]},{"name":"e","type":[{"type":"enum","name":"E","symbols":["A"]},"null"]},
      {"name":"d","type":{"type":"array","items":"double"}},{"name":"z","type":["null","double"]}]})";
  const std::string good = "\x02\x04\x06\x02x\x02y\x02\x02z\x00\x00\x02\x01\x02\x03\x04\x05\x06\x07\x08\x00\x00"s;
  EXPECT_EQ(validate(record, good), "valid");
  EXPECT_EQ(validate(record, "\x02\x04"), "$.c: the data ends here, in the middle of a value (byte 2)");
  EXPECT_EQ(validate(record, "\x02\x04\x06\x02x\x02\xff"), "$.t: a string that is not UTF-8 (byte 5)");
  EXPECT_EQ(validate(record, "\x02\x04\x06\x02x\x02y\x04"), "$.o: a union branch outside of its 2 (byte 7)");
  EXPECT_EQ(validate(record, "\x02\x04\x06\x02x\x02y\x02\x02\xff"), "$.o: a string that is not UTF-8 (byte 8)");
  EXPECT_EQ(validate(record, "\x02\x04\x06\x02x\x02y\x00\x00\x02"s),
            "$.e: an enum index outside of its 1 symbols (byte 9)");
  EXPECT_EQ(validate(record, "\x02\x04\x06\x02x\x02y\x00\x02\x02"s + "1234567"),
            "$.d: more items than the bytes left can hold (byte 10)");
  EXPECT_EQ(validate(record, good.substr(0, good.size() - 1) + "\x02"),
            "$.z: the data ends here, in the middle of a value (byte 23)");
}

}  // namespace
}  // namespace omashu::avro
