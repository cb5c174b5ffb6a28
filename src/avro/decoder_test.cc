#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/codec.h"

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

TEST(Decoder, ReordersFieldsAndFillsDefaults) {
  const char* writer =
      R"({"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"skipped","type":{"type":"map","values":"string"}},{"name":"b","type":"string"}]})";
  const char* reader =
      R"({"type":"record","name":"R","fields":[{"name":"d","type":"int","default":7},{"name":"b","type":"string"},{"name":"a","type":"long"},{"name":"o","type":["null","string"],"default":null}]})";
  EXPECT_EQ(json_of(writer, "\x02\x02\x02k\x02v\x00\x02x"s, JsonForm::kPlain, reader),
            R"({"d":7,"b":"x","a":1,"o":null})");
}

}  // namespace
}  // namespace omashu::avro
