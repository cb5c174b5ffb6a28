// Beyond what java_oracle_test.cc holds to Java's own texts.

#include <gtest/gtest.h>

#include <string>

#include "avro/java_number.h"
#include "avro/schema.h"
#include "avro/schema_text.h"

namespace omashu::avro {
namespace {

std::string normalized(std::string_view text) {
  const auto schema = Schema::parse(text);
  EXPECT_TRUE(schema.has_value()) << text << ": " << schema.error().message;
  return schema ? to_java_text(*schema, true) : "";
}

TEST(NormalizedText, SortsPropertiesAndAliases) {
  EXPECT_EQ(
      normalized(R"({"type":"record","name":"R","namespace":"n","z":{"b":1,"a":2},"a":1,"aliases":["Z","a.A","n.B"],
      "fields":[{"name":"x","type":"int","q":1,"p":2,"aliases":["c","b"]}]})"),
      R"({"type":"record","name":"R","namespace":"n","fields":[{"name":"x","type":"int","aliases":["b","c"],)"
      R"("p":2,"q":1}],"a":1,"z":{"a":2,"b":1},"aliases":["a.A","B","Z"]})");
}

TEST(NormalizedText, PutsTheLogicalTypeFirst) {
  EXPECT_EQ(normalized(R"({"type":"bytes","a":1,"scale":2,"precision":9,"logicalType":"decimal"})"),
            R"({"type":"bytes","logicalType":"decimal","precision":9,"scale":2,"a":1})");
  EXPECT_EQ(normalized(R"({"type":"bytes","a":1,"scale":0,"precision":9,"logicalType":"decimal"})"),
            R"({"type":"bytes","logicalType":"decimal","precision":9,"a":1,"scale":0})");
  EXPECT_EQ(normalized(R"({"type":"int","a":1,"logicalType":"unheard-of"})"),
            R"({"type":"int","a":1,"logicalType":"unheard-of"})");
}

TEST(NormalizedText, DropsWhatSaysNothing) {
  EXPECT_EQ(normalized(R"({"type":"error","name":"R","doc":"","fields":[{"name":"x","type":"int","doc":""}]})"),
            R"({"type":"record","name":"R","fields":[{"name":"x","type":"int","doc":""}]})");
}

TEST(NormalizedText, SpellsDefaultsByTheirType) {
  EXPECT_EQ(normalized(R"({"type":"record","name":"R","fields":[
      {"name":"d","type":"double","default":1},{"name":"f","type":"float","default":1.23456789012},
      {"name":"m","type":{"type":"map","values":"double"},"default":{"b":1,"a":2}},{"name":"l","type":"long","default":1}]})"),
            R"({"type":"record","name":"R","fields":[{"name":"d","type":"double","default":1.0},)"
            R"({"name":"f","type":"float","default":1.2345679},)"
            R"({"name":"m","type":{"type":"map","values":"double"},"default":{"a":2.0,"b":1.0}},)"
            R"({"name":"l","type":"long","default":1}]})");
}

// Every name is defined in the text of the one before: far deeper than one text nests.
TEST(JavaText, WritesChainsOfAnyDepth) {
  std::string text = R"([{"type":"record","name":"T0","fields":[]})";
  for (int i = 1; i <= 20'000; ++i) {
    const std::string n = std::to_string(i);
    text += R"(,{"type":"record","name":"T)" + n + R"(","fields":[{"name":"t","type":"T)" + std::to_string(i - 1) +
            R"("}]})";
  }
  text += "]";
  const auto schema = Schema::parse(text);
  ASSERT_TRUE(schema.has_value());
  EXPECT_EQ(to_java_text(*schema), text);
  const Schema last = schema->at(*schema->root().branches.back());
  EXPECT_TRUE(to_canonical_form(last).ends_with("]}"));
}

TEST(JavaText, WritesReferencesOutWhereTheyAreFirstUsed) {
  const auto part = Schema::parse(R"({"type":"fixed","name":"Part","namespace":"n","size":4})");
  ASSERT_TRUE(part.has_value());
  const std::string start = R"({"type":"record","name":"Whole","fields":[{"name":"a","type":)";
  const std::string by_name = start + R"("n.Part"},{"name":"b","type":"n.Part"}]})";
  const auto whole = Schema::parse(by_name, {.references = std::span(&*part, 1)});
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(to_java_text(*whole), by_name);
  EXPECT_EQ(to_resolved_java_text(*whole),
            start + R"({"type":"fixed","name":"Part","namespace":"n","size":4}},{"name":"b","type":"n.Part"}]})");
}

TEST(JavaNumber, IsDoublesToString) {
  EXPECT_EQ(java_double_text(1), "1.0");
  EXPECT_EQ(java_double_text(-0.0), "-0.0");
  EXPECT_EQ(java_double_text(9999999.5), "9999999.5");
  EXPECT_EQ(java_double_text(1e7), "1.0E7");
  EXPECT_EQ(java_double_text(0.001), "0.001");
  EXPECT_EQ(java_double_text(0.0009), "9.0E-4");
  EXPECT_EQ(java_double_text(4.9e-324), "4.9E-324");
  EXPECT_EQ(java_double_text(1.7976931348623157e308), "1.7976931348623157E308");
  EXPECT_EQ(java_float_text(0.1), "0.1");
  EXPECT_EQ(java_float_text(16777217), "1.6777216E7");
}

TEST(JavaNumber, BeyondTheRangeIsInfiniteOrZero) {
  EXPECT_EQ(java_number_text("1e999"), "\"Infinity\"");
  EXPECT_EQ(java_number_text("-1e999999999999999999999"), "\"-Infinity\"");
  EXPECT_EQ(java_number_text("55e9223372036854775807"), "\"Infinity\"");
  EXPECT_EQ(java_number_text("0.05e-9223372036854775807"), "0.0");
  EXPECT_EQ(java_number_text("1e-999"), "0.0");
  EXPECT_EQ(java_number_text("-0.001e-999999999999999999999"), "-0.0");
  EXPECT_EQ(java_number_text("0." + std::string(400, '0') + "1e1"), "0.0");
  EXPECT_EQ(java_number_text("1" + std::string(400, '0') + ".0"), "\"Infinity\"");
  EXPECT_EQ(java_number_text("0e999999999999999999999"), "0.0");
}

TEST(JavaNumber, WholeNumbersStay) {
  EXPECT_EQ(java_number_text("123456789012345678901234567890"), "123456789012345678901234567890");
  EXPECT_EQ(java_number_text("-0"), "0");
}

}  // namespace
}  // namespace omashu::avro
