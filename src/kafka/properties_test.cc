#include "kafka/properties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::kafka {
namespace {

using ::testing::ElementsAre;
using ::testing::FieldsAre;
using ::testing::IsEmpty;

std::vector<Property> parsed(std::string_view text) {
  Result<std::vector<Property>> properties = parse_properties(text);
  EXPECT_TRUE(properties.has_value()) << (properties ? "" : properties.error().message);
  return properties.value_or(std::vector<Property>{});
}

TEST(PropertiesTest, ReadsNamesAndValues) {
  EXPECT_THAT(
      parsed("a=1\nb = 2\nc:3\nd : 4\ne 5\nf\t=\t6\ng=\nh\n"),
      ElementsAre(FieldsAre("a", "1", 1), FieldsAre("b", "2", 2), FieldsAre("c", "3", 3), FieldsAre("d", "4", 4),
                  FieldsAre("e", "5", 5), FieldsAre("f", "6", 6), FieldsAre("g", "", 7), FieldsAre("h", "", 8)));
}

TEST(PropertiesTest, KeepsFurtherSeparatorsAndTrailingBlanks) {
  EXPECT_THAT(parsed("a==b=c: d  "), ElementsAre(FieldsAre("a", "=b=c: d  ", 1)));
}

TEST(PropertiesTest, PassesOverCommentsBlankLinesAndByteOrderMark) {
  EXPECT_THAT(parsed("\xef\xbb\xbf# one\n\n  ! two \\\n \t\na=1"), ElementsAre(FieldsAre("a", "1", 5)));
  EXPECT_THAT(parsed(""), IsEmpty());
  EXPECT_THAT(parsed("# only"), IsEmpty());
}

TEST(PropertiesTest, AcceptsEveryLineEnd) {
  EXPECT_THAT(parsed("a=1\r\nb=2\rc=3\r\n\r\nd=4"), ElementsAre(FieldsAre("a", "1", 1), FieldsAre("b", "2", 2),
                                                                FieldsAre("c", "3", 3), FieldsAre("d", "4", 5)));
}

TEST(PropertiesTest, JoinsContinuationLines) {
  EXPECT_THAT(parsed("a=one \\\r\n    two \\\n\tthree\nb=4"),
              ElementsAre(FieldsAre("a", "one two three", 1), FieldsAre("b", "4", 4)));
  EXPECT_THAT(parsed("a=C:\\\\\nb=2"), ElementsAre(FieldsAre("a", "C:\\", 1), FieldsAre("b", "2", 2)));
  EXPECT_THAT(parsed("a=1\\"), ElementsAre(FieldsAre("a", "1", 1)));
}

TEST(PropertiesTest, UndoesEscapes) {
  EXPECT_THAT(parsed("a\\ b\\=c=x\\ty\\nz\\\\\\q\\\"'"), ElementsAre(FieldsAre("a b=c", "x\ty\nz\\q\"'", 1)));
  EXPECT_THAT(parsed("a=\\u00e9\\u20AC\\ud83d\\ude00"), ElementsAre(FieldsAre("a", "é€😀", 1)));
}

TEST(PropertiesTest, RefusesWhatMeansNothing) {
  for (std::string_view text :
       {"a=1\n=2", "a=1\nb=\\u12", "a=1\nb=\\u12g4", "a=1\nb=\\ud83d", "a=1\nb=\\ud83d\\u0041", "a=1\nb=\\ude00"}) {
    SCOPED_TRACE(text);
    const Result<std::vector<Property>> properties = parse_properties(text);
    ASSERT_FALSE(properties.has_value());
    EXPECT_EQ(properties.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(properties.error().position, (TextPosition{2, 1}));
  }
}

}  // namespace
}  // namespace omashu::kafka
