#include "base/sections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu {
namespace {

using ::testing::HasSubstr;

Error error_of(std::string_view text) {
  const auto sections = parse_sections(text);
  EXPECT_FALSE(sections) << text;
  return sections ? Error{} : sections.error();
}

TEST(Sections, HavePropertiesWithTheLinesOfTheFile) {
  const auto sections = parse_sections("a = 1\n\n[one]\nb = 2\n# c\n  c = 3 \\\n   4\n [ two.x ] \r\nd: 5\n[three]");
  ASSERT_TRUE(sections) << sections.error().message;
  ASSERT_EQ(sections->size(), 4u);
  EXPECT_EQ((*sections)[0].name, "");
  EXPECT_EQ((*sections)[0].properties.at(0).value, "1");
  EXPECT_EQ((*sections)[1].name, "one");
  EXPECT_EQ((*sections)[1].line, 3u);
  ASSERT_EQ((*sections)[1].properties.size(), 2u);
  EXPECT_EQ((*sections)[1].properties[0].line, 4u);
  EXPECT_EQ((*sections)[1].properties[1].name, "c");
  EXPECT_EQ((*sections)[1].properties[1].value, "3 4");
  EXPECT_EQ((*sections)[1].properties[1].line, 6u);
  EXPECT_EQ((*sections)[2].name, "two.x");
  EXPECT_EQ((*sections)[2].properties.at(0).line, 9u);
  EXPECT_TRUE((*sections)[3].properties.empty());
}

TEST(Sections, OfNothingIsTheOneWithoutAName) {
  const auto sections = parse_sections("");
  ASSERT_TRUE(sections);
  ASSERT_EQ(sections->size(), 1u);
  EXPECT_TRUE(sections->front().properties.empty());
}

TEST(Sections, MistakesNameTheLine) {
  EXPECT_EQ(error_of("a=1\n[one\n").position->line, 2u);
  EXPECT_THAT(error_of("[a b]\n").message, HasSubstr("letters, digits"));
  EXPECT_THAT(error_of("[]\n").message, HasSubstr("letters, digits"));
  const Error twice = error_of("[a]\nx=1\n[a]\n");
  EXPECT_EQ(twice.position->line, 3u);
  EXPECT_THAT(twice.message, HasSubstr("[a] stands here for the second time"));
  EXPECT_EQ(error_of("[a]\nx=1\ny=\\u12\n").position->line, 3u);
}

}  // namespace
}  // namespace omashu
