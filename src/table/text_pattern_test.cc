#include "table/text_pattern.h"

#include <gtest/gtest.h>

namespace omashu::table {
namespace {

bool is_found(std::string_view pattern, std::string_view text) {
  const auto parsed = TextPattern::parse(pattern);
  EXPECT_TRUE(parsed) << pattern << ": " << (parsed ? "" : parsed.error().message);
  return parsed && parsed->is_found_in(text);
}

TEST(TextPattern, IsFoundAnywhereUnlessItIsTiedToAnEnd) {
  EXPECT_TRUE(is_found("out", "timed out after"));
  EXPECT_FALSE(is_found("^out", "timed out after"));
  EXPECT_TRUE(is_found("^timed", "timed out"));
  EXPECT_TRUE(is_found("out$", "timed out"));
  EXPECT_FALSE(is_found("timed$", "timed out"));
  EXPECT_TRUE(is_found("^$", ""));
  EXPECT_FALSE(is_found("^$", "a"));
  EXPECT_TRUE(is_found("", "anything"));
}

TEST(TextPattern, HasAlternativesAndGroups) {
  EXPECT_TRUE(is_found("^(a|bc|d)x$", "bcx"));
  EXPECT_FALSE(is_found("^(a|bc|d)x$", "bx"));
  EXPECT_TRUE(is_found("^(?:ab)+$", "ababab"));
  EXPECT_FALSE(is_found("^(?:ab)+$", "aba"));
  EXPECT_TRUE(is_found("^(a|)b$", "b"));
  EXPECT_TRUE(is_found("^((a|b)c|d(e|f))*g$", "acbcdedfg"));
}

TEST(TextPattern, Repeats) {
  EXPECT_TRUE(is_found("^ab*c$", "ac"));
  EXPECT_TRUE(is_found("^ab*c$", "abbbc"));
  EXPECT_FALSE(is_found("^ab+c$", "ac"));
  EXPECT_TRUE(is_found("^ab?c$", "abc"));
  EXPECT_FALSE(is_found("^ab?c$", "abbc"));
  EXPECT_TRUE(is_found("^a{3}$", "aaa"));
  EXPECT_FALSE(is_found("^a{3}$", "aa"));
  EXPECT_TRUE(is_found("^a{2,}$", "aaaa"));
  EXPECT_FALSE(is_found("^a{2,3}$", "aaaa"));
  EXPECT_TRUE(is_found("^(ab|c){2,3}$", "abcab"));
  EXPECT_TRUE(is_found("^a{0}$", ""));
  EXPECT_TRUE(is_found("^(a*)*$", "aaa"));
}

TEST(TextPattern, HasClasses) {
  EXPECT_TRUE(is_found("^[a-c0]+$", "abc0"));
  EXPECT_FALSE(is_found("^[a-c]+$", "abd"));
  EXPECT_TRUE(is_found("^[^a-c]$", "d"));
  EXPECT_FALSE(is_found("^[^a-c]$", "a"));
  EXPECT_TRUE(is_found("^\\d{2}:\\d{2}$", "08:15"));
  EXPECT_TRUE(is_found("^[\\w.-]+@\\w+$", "a.b-c@d_1"));
  EXPECT_TRUE(is_found("^[]x-]+$", "]-x"));
  EXPECT_TRUE(is_found("^\\S\\s\\S$", "a b"));
  EXPECT_FALSE(is_found("\\D", "123"));
  EXPECT_TRUE(is_found("a\\.b", "a.b"));
  EXPECT_FALSE(is_found("a\\.b", "axb"));
}

TEST(TextPattern, KnowsCharactersOfSeveralBytes) {
  EXPECT_TRUE(is_found("^.$", "ä"));
  EXPECT_TRUE(is_found("^...$", "a€😀"));
  EXPECT_FALSE(is_found("^..$", "€"));
  EXPECT_TRUE(is_found("^ä+$", "äää"));
  EXPECT_TRUE(is_found("^[^a]$", "€"));
}

TEST(TextPattern, LooksPastCaseWhereItIsTold) {
  EXPECT_TRUE(is_found("(?i)^Time[A-C]$", "tIMEb"));
  EXPECT_FALSE(is_found("^Time$", "tIME"));
}

TEST(TextPattern, SaysWhereItIsWrong) {
  const std::pair<const char*, size_t> wrong[] = {
      {"a(b", 4},     {"ab)", 3}, {"[a", 3},  {"a**b(", 6}, {"*a", 1},    {"a{2,1}", 7},    {"a{x}", 3},
      {"a{2000}", 7}, {"\\q", 2}, {"a\\", 3}, {"[z-a]", 5}, {"(?=a)", 3}, {"[\xc3\xa4]", 2}};
  for (const auto& [pattern, column] : wrong) {
    const auto parsed = TextPattern::parse(pattern);
    ASSERT_FALSE(parsed) << pattern;
    ASSERT_TRUE(parsed.error().position) << pattern;
    EXPECT_EQ(parsed.error().position->column, column) << pattern << ": " << parsed.error().message;
  }
  EXPECT_FALSE(TextPattern::parse(std::string(1'001, 'a')));
  EXPECT_FALSE(TextPattern::parse("((a{1000}){1000}){1000}")) << "a pattern of a billion states";
  EXPECT_FALSE(TextPattern::parse(std::string(200, '(') + std::string(200, ')')));
}

TEST(TextPattern, TakesTimeThatGrowsWithTheText) {
  EXPECT_FALSE(is_found("^(a+)+$", std::string(10'000, 'a') + "b")) << "a backtracking search would never end";
  EXPECT_FALSE(is_found("(a*)*(a*)*(a*)*c", std::string(10'000, 'a')));
}

}  // namespace
}  // namespace omashu::table
