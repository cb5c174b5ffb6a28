#include "cli/help_text.h"

#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

std::string wrapped(std::string_view text, size_t width, size_t column = 0) {
  HelpText help(width);
  help.wrapped(text, column);
  return std::move(help).text();
}

std::string command(std::string_view text, size_t width) {
  HelpText help(width);
  help.command(text);
  return std::move(help).text();
}

TEST(HelpText, BreaksBetweenWords) {
  EXPECT_EQ(wrapped("one two three", 8), "one two\nthree\n");
  EXPECT_EQ(wrapped("one two three", 7, 2), "one\n  two\n  three\n");
  EXPECT_EQ(wrapped("a word-that-has-no-room b", 8), "a\nword-that-has-no-room\nb\n");
  EXPECT_EQ(wrapped("first\n  second paragraph", 12), "first\n  second\n  paragraph\n");
  EXPECT_EQ(wrapped("", 8), "");
}

TEST(HelpText, CountsColumnsOfTheTerminal) { EXPECT_EQ(wrapped("ä…ü ö", 5), "ä…ü ö\n"); }

TEST(HelpText, IsEightyColumnsWideWithoutATerminalAndAHundredOnAWideOne) {
  std::string word_of_nine = "123456789", words;
  for (int i = 0; i < 12; ++i) words += (i == 0 ? "" : " ") + word_of_nine;
  EXPECT_EQ(wrapped(words, 0).find('\n'), 79u);
  EXPECT_EQ(wrapped(words, 300).find('\n'), 99u);
}

TEST(HelpText, ExplanationsStandInAColumn) {
  HelpText help(30);
  help.row("-n", "at most N rows", 32);
  help.row("--a-long-name", "x", 32);
  EXPECT_EQ(std::move(help).text(), "  -n      at most N rows\n  --a-long-name\n          x\n");
}

TEST(HelpText, ALongCommandGoesOnBehindABackslash) {
  EXPECT_EQ(command("omashu get t k", 20), "  omashu get t k\n");
  EXPECT_EQ(command("omashu put t k '{\"a\": 1}'", 20), "  omashu put t k \\\n    '{\"a\": 1}'\n");
  EXPECT_EQ(command("omashu put t '{\"a\":1,\n\"b\":2,\n\"c\":3}'", 80),
            "  omashu put t '{\"a\":1,\n    \"b\":2,\n    \"c\":3}'\n");
  EXPECT_EQ(command("omashu get a b c d e f g h", 20), "  omashu get a b c \\\n    d e f g h\n");
}

}  // namespace
}  // namespace omashu::cli
