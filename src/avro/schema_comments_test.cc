#include "avro/schema_comments.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace omashu::avro {
namespace {

TEST(SchemaComments, BecomeBlanksSoThatNothingMoves) {
  EXPECT_EQ(without_comments("{ // a \"comment\"\n \"a\": /* two\r\n lines */ 1}"),
            "{               \n \"a\":       \r\n          1}");
  EXPECT_EQ(without_comments("1 // at the end"), "1              ");
  EXPECT_EQ(without_comments("[1,/**/2]"), "[1,    2]");
}

TEST(SchemaComments, InStringsAreText) {
  for (const char* text : {R"({"doc": "http://a /* b */"})", R"({"doc": "a \" // b"})", R"("\\")", "\"open // ended"}) {
    EXPECT_EQ(without_comments(text), text);
  }
}

TEST(SchemaComments, ThatDoNotEndAreRefusedWhereTheyStand) {
  const auto parsed = json::parse(without_comments("{\n /* open"));
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().position, (TextPosition{2, 2}));
}

}  // namespace
}  // namespace omashu::avro
