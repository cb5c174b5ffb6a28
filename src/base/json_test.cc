#include "base/json.h"

#include <gtest/gtest.h>

namespace omashu::json {
namespace {

std::string round_trip(std::string_view text) {
  const auto value = parse(text);
  return value ? to_text(*value) : "error: " + value.error().message;
}

TEST(Json, KeepsOrderAndTheSpellingOfNumbers) {
  EXPECT_EQ(round_trip(R"( { "b" : [1, 1.0, 1e3, -0] , "a" : {"x":null,"y":true,"z":false} } )"),
            R"({"b":[1,1.0,1e3,-0],"a":{"x":null,"y":true,"z":false}})");
}

TEST(Json, AcceptsAByteOrderMark) { EXPECT_EQ(round_trip("\xef\xbb\xbf[]"), "[]"); }

TEST(Json, UnescapesStrings) {
  const auto value = parse(R"("\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->text(), "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80");
  EXPECT_EQ(to_text(*value), "\"\\\"\\\\/\\b\\f\\n\\r\\t\xc3\xa9\xf0\x9f\x98\x80\"");
}

TEST(Json, FindsWhatIsSpecialInAStringWhereverItStands) {
  for (size_t before = 0; before < 20; ++before) {
    for (size_t after = 0; after < 20; after += 7) {
      const std::string head(before, 'a');
      const std::string tail(after, '~');
      const auto text_of = [&](const std::string& special) { return "\"" + head + special + tail + "\""; };
      for (const auto& [written, read] :
           {std::pair("\\n", "\n"), std::pair("\\\"", "\""), std::pair("\xc3\xa4", "\xc3\xa4"),
            std::pair("\x7f", "\x7f"), std::pair("\\u00e4", "\xc3\xa4")}) {
        EXPECT_EQ(parse(text_of(written))->text(), head + read + tail);
      }
      for (const std::string wrong : {"\x1f", "\x80", "\xff", "\\x"}) {
        const auto refused = parse(text_of(wrong));
        ASSERT_FALSE(refused) << text_of(wrong);
        EXPECT_EQ(refused.error().position->column, before + 2);
      }
    }
  }
}

TEST(Json, NamesThePlaceOfAnError) {
  const auto value = parse("{\n  \"a\": 1,\n  \"b\": tru\n}");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().position, (TextPosition{.line = 3, .column = 8}));
}

TEST(Json, RefusesWhatTheGrammarDoes) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[",
                           "[1",
                           "[1,",
                           "[1,]",
                           "{\"a\"",
                           "{\"a\":",
                           "{\"a\":1",
                           "{\"a\":1,}",
                           "{a:1}",
                           "01",
                           "1.",
                           "1e",
                           "-",
                           "+1",
                           ".5",
                           "nul",
                           "\"",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\ud800\"",
                           "\"\\udc00\"",
                           "\"\\ud800\\u0041\"",
                           "\"\x01\"",
                           "\"\xff\"",
                           "\"\xc0\x80\"",
                           "\"\xed\xa0\x80\"",
                           "[1]2",
                           "{\"a\" 1}",
                           "[1 2]",
                           "]",
                           "}",
                           "[}"}) {
    EXPECT_FALSE(parse(text)) << text;
  }
}

TEST(Json, BoundsDepth) {
  EXPECT_TRUE(parse(std::string(kMaxDepth, '[') + std::string(kMaxDepth, ']')));
  EXPECT_FALSE(parse(std::string(kMaxDepth + 1, '[') + std::string(kMaxDepth + 1, ']')));
  EXPECT_FALSE(parse(std::string(1'000'000, '[')));
}

TEST(Json, ReadsNumbersOnlyWhereTheyFit) {
  EXPECT_EQ(parse("9223372036854775807")->as_int64(), INT64_MAX);
  EXPECT_EQ(parse("9223372036854775808")->as_int64(), std::nullopt);
  EXPECT_EQ(parse("1.0")->as_int64(), std::nullopt);
  EXPECT_EQ(parse("1.5")->as_double(), 1.5);
  EXPECT_EQ(parse("1e999")->as_double(), std::nullopt);
}

TEST(Json, ReaderSkipsWholeValues) {
  Reader reader(R"({"a":{"b":[1,{"c":2}]},"d":3})");
  EXPECT_EQ(reader.next(), Token::kBeginObject);
  EXPECT_EQ(reader.next(), Token::kName);
  EXPECT_EQ(reader.next(), Token::kBeginObject);
  reader.skip_value();
  EXPECT_EQ(reader.next(), Token::kName);
  EXPECT_EQ(reader.text(), "d");
  EXPECT_EQ(reader.next(), Token::kNumber);
  EXPECT_EQ(reader.next(), Token::kEndObject);
  EXPECT_EQ(reader.next(), Token::kEnd);
}

TEST(Json, ReaderErrorsAreSticky) {
  Reader reader("[1,x]");
  while (reader.next() != Token::kError) {
  }
  EXPECT_EQ(reader.next(), Token::kError);
  EXPECT_EQ(reader.error().position, (TextPosition{.line = 1, .column = 4}));
}

TEST(Json, PrettyTextReadsAsPeopleWriteIt) {
  EXPECT_EQ(to_pretty_text(*parse(R"({"a":[1,2],"b":{},"c":[]})")),
            "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": []\n}");
}

TEST(Json, BuildsDocuments) {
  const Value value = Value::object({{"id", 7}, {"ok", true}, {"name", "x"}, {"list", Value::array({1, "two"})}});
  EXPECT_EQ(to_text(value), R"({"id":7,"ok":true,"name":"x","list":[1,"two"]})");
  EXPECT_EQ(value.find("id")->as_int64(), 7);
  EXPECT_EQ(value.find("none"), nullptr);
}

}  // namespace
}  // namespace omashu::json
