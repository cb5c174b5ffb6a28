#include "base/properties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu {
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
      parsed("a=1\nb = 2\nc:3\nd : 4\ne 5\nf\t=\t6\ng=\n"),
      ElementsAre(FieldsAre("a", "1", 1), FieldsAre("b", "2", 2), FieldsAre("c", "3", 3), FieldsAre("d", "4", 4),
                  FieldsAre("e", "5", 5), FieldsAre("f", "6", 6), FieldsAre("g", "", 7)));
}

TEST(PropertiesTest, ABlankThatIsWrittenWithABackslashIsKept) {
  const auto properties = parse_properties("a=\\t|\\t\nb=x\\ \nc=x\\\\\nd=\\ \\   \n");
  ASSERT_TRUE(properties);
  EXPECT_EQ((*properties)[0].value, "\t|\t");
  EXPECT_EQ((*properties)[1].value, "x ");
  EXPECT_EQ((*properties)[2].value, "x\\");
  EXPECT_EQ((*properties)[3].value, "  ");
}

TEST(PropertiesTest, KeepsFurtherSeparatorsAndDropsTrailingBlanks) {
  EXPECT_THAT(parsed("a==b=c: d  "), ElementsAre(FieldsAre("a", "=b=c: d", 1)));
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
  for (std::string_view text : {"a=1\n=secret", "a=1\n: secret", "a=1\nsecret", "a=1\nb=\\u12", "a=1\nb=\\u12g4",
                                "a=1\nb=\\ud83d", "a=1\nb=\\ud83d\\u0041", "a=1\nb=\\ude00"}) {
    SCOPED_TRACE(text);
    const Result<std::vector<Property>> properties = parse_properties(text);
    ASSERT_FALSE(properties.has_value());
    EXPECT_EQ(properties.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(properties.error().position, (TextPosition{2, 1}));
    EXPECT_EQ(properties.error().message.find("secret"), std::string::npos);
  }
}

TEST(PropertiesTest, ReadsWhatKafkasToolsRead) {
  EXPECT_THAT(parsed("bootstrap.servers=a:9092,b:9092\r\n"
                     "  sasl.password = p=w:d#! \r\n"
                     "sasl.jaas.config=Module required \\\r\n"
                     "    username=\"u\";"),
              ElementsAre(FieldsAre("bootstrap.servers", "a:9092,b:9092", 1), FieldsAre("sasl.password", "p=w:d#!", 2),
                          FieldsAre("sasl.jaas.config", "Module required username=\"u\";", 3)));
}

TEST(PropertiesTest, ReadsOnePropertyOfACommandLine) {
  EXPECT_THAT(parse_property("a.b=c=d").value(), FieldsAre("a.b", "c=d", 0));
  EXPECT_THAT(parse_property("a=").value(), FieldsAre("a", "", 0));
  EXPECT_FALSE(parse_property("=x"));
  EXPECT_FALSE(parse_property("a.b"));
}

}  // namespace
}  // namespace omashu
